import { isConflict, isNotFound } from '../../shared/kube/errors.ts'
import { SEALED_SECRETS } from '../../shared/kube/resources.ts'
import { keyOf, type SealedObject } from '../objects.ts'
import { sealedEntry } from './brief.ts'
import type { Plan } from './decide.ts'
import { type Acted, idOf, type Targets } from './targets.ts'

/** Writes an object's finalizers, onto the very version that was looked at. */
export async function writeFinalizers(
  { finalizers, more }: Extract<Plan, { act: 'finalizers' }>,
  { metadata }: SealedObject,
  { kube, sealed, signal }: Targets,
): Promise<Acted> {
  const { resourceVersion } = metadata
  const patch = { metadata: { resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } }
  const expectation = sealed.expect(keyOf(metadata))
  try {
    const object = await kube.mergePatch<SealedObject>(SEALED_SECRETS, idOf(metadata), patch, { signal })
    // Without its last finalizer it is gone, and the watch tells that.
    if (!more) return { kind: 'done', status: undefined }
    expectation.wrote(sealedEntry(object))
    return { kind: 'more', object }
  } catch (error) {
    if (isNotFound(error)) return { kind: 'done', status: undefined }
    if (isConflict(error)) return { kind: 'behind' }
    throw error
  } finally {
    expectation.end()
  }
}
