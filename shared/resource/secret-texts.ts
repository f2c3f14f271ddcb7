import { isNull } from '../format/plain.ts'
import type { MappingNode, ScalarNode, YamlNode } from '../format/yaml.ts'
import type { SecretNotes } from './secret-notes.ts'

/** Fields of strings: what the user wrote counts (`no`, `012`, `1e3`), not what YAML readers would make of it. */

export function mappingAt(notes: SecretNotes, node: YamlNode, field: string): MappingNode | undefined {
  if (node.kind === 'mapping') return node
  // The API server takes an empty field for an absent one.
  return isNull(node) ? undefined : notes.fail('secret-field', node, { field, problem: 'mapping' })
}

/** The scalar at `field`; an empty place, `~` and `null` are no text. */
export function textAt(notes: SecretNotes, node: YamlNode, field: string): string | undefined {
  if (node.kind !== 'scalar') return notes.fail('secret-field', node, { field, problem: 'text' })
  return isNull(node) ? notes.fail('secret-null', node, { field }) : node.text
}

/** Every entry of a mapping of strings, with its key and where it stands. */
export function textsAt(
  notes: SecretNotes,
  node: YamlNode | undefined,
  field: string,
): { key: ScalarNode; text: string }[] {
  const mapping = node && mappingAt(notes, node, field)
  return (mapping?.entries ?? []).flatMap(({ key, value }) => {
    // A scalar is found by its key: that is on the line that people look for, also when the text is a block below it.
    const placed = value.kind === 'scalar' ? { ...value, at: key.at } : value
    const text = textAt(notes, placed, fieldName(field, key.text))
    return text === undefined ? [] : [{ key, text }]
  })
}

/** `data.password`. A key that is no name is not shown: bad indentation makes keys of the lines of a value. */
export const fieldName = (parent: string, key: string): string =>
  /^[-._/a-zA-Z0-9]{1,253}$/.test(key) ? `${parent}.${key}` : `a key of ${parent}`
