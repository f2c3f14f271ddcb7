import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { Change } from '../../shared/kube/reflector.ts'
import type { Log } from '../log.ts'
import type { SecretObject } from '../objects.ts'
import type { Note } from '../reconcile/transition.ts'
import type { Keyring } from './keyring.ts'

export interface KeyWatchParts {
  keyring: Keyring
  log: Log
  /** Must not block. */
  tell: (secret: SecretObject, note: Note) => void
  synced: () => void
}

/** Takes key Secrets into the keyring. A malformed one is reported and skipped; it hides none of the others. */
export async function followKeys(
  changes: AsyncIterable<Change<SecretObject>>,
  { keyring, log, tell, synced }: KeyWatchParts,
): Promise<void> {
  let listed = false
  for await (const change of changes) {
    if (change.type === 'synced') {
      listed = true
      synced()
    } else if (change.type === 'delete') {
      keyring.remove(change.id.name)
      log.warn({ secret: change.id.name }, 'a sealing key is gone')
    } else {
      const { object } = change
      const reading = await keyring.upsert(object)
      const fields = { secret: object.metadata.name, state: object.metadata.labels?.[KEY_LABEL] }
      if (reading.kind === 'key') log.info({ ...fields, key: reading.key.public.id }, 'loaded a sealing key')
      else {
        const why =
          reading.kind === 'wrapped' ? 'the seed is wrapped, which this version cannot open' : reading.why
        log.error({ ...fields, why }, 'skipped a malformed sealing key')
        // Not for what was there at the start: a restart is no news, and must write nothing.
        if (listed) tell(object, malformedNote(why))
      }
    }
  }
}

const malformedNote = (why: string): Note => ({
  type: 'Warning',
  reason: 'MalformedSealingKey',
  action: 'LoadKey',
  note: `Not used as a sealing key: ${why}.`,
})
