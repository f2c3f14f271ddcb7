import { nearest } from '../../check/nearest.ts'
import { pathText, SealError } from '../../errors.ts'
import { fieldOf } from '../../format/nodes.ts'
import { parseYaml } from '../../format/yaml.ts'
import { guess, type SpotEntry, type SpotReader, spotReader } from '../spots.ts'
import { readKey } from './read-key.ts'
import type { CfguKey, CfguSchema } from './types.ts'

/**
 * Reads a `.cfgu` file, YAML or JSON: the keys below `keys` as Configu 1 has them, or at the root as before. Throws one
 * `schema-malformed` that lists all that is wrong.
 */
export function readCfgu(text: string): CfguSchema {
  // Configu reads YAML 1.2, where `Y` is no boolean.
  const r = spotReader(text, true)
  const node = parseYaml(text)
  if (!node) throw new SealError('schema-malformed', 'the file is empty')
  const root = r.root(node)
  const entries = fieldOf(node, 'keys')?.kind === 'mapping' ? keysOf(r, r.entries(root)) : r.entries(root)
  const keys = new Map<string, CfguKey>()
  for (const entry of entries) if (entry.key !== '$schema') keys.set(entry.key, readKey(r, entry))
  if (keys.size === 0) r.note(root, 'there are no keys')
  checkDepends(r, entries, keys)
  if (r.problems.length > 0) throw malformed(r)
  return { keys }
}

function keysOf(r: SpotReader, fields: readonly SpotEntry[]): SpotEntry[] {
  for (const field of fields) if (!['$schema', 'keys'].includes(field.key)) r.note(field, 'unknown field')
  return fields.flatMap((field) => (field.key === 'keys' ? r.entries(field) : []))
}

function checkDepends(
  r: SpotReader,
  entries: readonly SpotEntry[],
  keys: ReadonlyMap<string, CfguKey>,
): void {
  for (const { key, path } of entries)
    for (const other of keys.get(key)?.depends ?? [])
      if (!keys.has(other))
        r.note(
          { path: [...path, 'depends'] },
          `names no key of the schema${guess(nearest(other, [...keys.keys()]))}`,
        )
}

function malformed({ problems }: SpotReader): SealError {
  const [first] = problems
  const words = first ? `${pathText(first.path) || 'the file'}: ${first.reason}` : 'unreadable'
  return new SealError('schema-malformed', words, { path: first?.path, problems })
}
