import { ALLOW_ANNOTATION, readAllowed, unknownArgs } from '../check/allow.ts'
import type { CheckCode } from '../check-codes/all.ts'
import type { MappingNode } from '../format/yaml.ts'
import { nodeAt } from '../format/yaml.ts'
import type { SecretNotes } from './secret-notes.ts'

/** Takes the codes that a Secret allows out of its annotations: they are for the checks, and not for the cluster. */
export function takeAllowed(
  notes: SecretNotes,
  root: MappingNode,
  annotations: Map<string, string>,
): CheckCode[] {
  const text = annotations.get(ALLOW_ANNOTATION)
  if (text === undefined) return []
  annotations.delete(ALLOW_ANNOTATION)
  const { codes, unknown } = readAllowed(text)
  const node = nodeAt(root, ['metadata', 'annotations', ALLOW_ANNOTATION])
  for (const word of unknown) notes.fail('allow-unknown', node, unknownArgs(word))
  return codes
}
