import { nearest } from '../check/nearest.ts'
import type { Path, Problem } from '../errors.ts'
import { isNull, readsAsString } from '../format/plain.ts'
import { lineAndColumn, type YamlNode } from '../format/yaml.ts'

/** A node of a file of ours, with where it stands. */
export interface Spot {
  node: YamlNode
  path: Path
  line: number
}

export interface SpotEntry extends Spot {
  key: string
}

/** Reads fields from a node tree, so that every problem and every rule knows its line. */
export interface SpotReader {
  readonly problems: Problem[]
  root(node: YamlNode): Spot
  note(at: { path: Path }, reason: string): undefined
  /** A mapping whose keys are the user's. */
  entries(spot: Spot): SpotEntry[]
  /** A mapping of known fields; any other is noted, with the one that was probably meant. */
  fields(spot: Spot, known: readonly string[]): Map<string, SpotEntry>
  items(spot: Spot): Spot[]
  text(spot: Spot): string | undefined
  /** One text, or a list of at least one. */
  texts(spot: Spot): { text: string; spot: Spot }[]
}

/** `literal`: what is written counts, also where some YAML readers take it for another type (a key `Y`, a text `on`). */
export function spotReader(source: string, literal = false): SpotReader {
  const problems: Problem[] = []
  const lineOf = (at: number): number => lineAndColumn(source, at).line
  const note = ({ path }: { path: Path }, reason: string): undefined => {
    problems.push({ path, reason })
    return undefined
  }

  function entries(spot: Spot): SpotEntry[] {
    const { node, path } = spot
    if (node.kind !== 'mapping') {
      note(spot, 'must be a mapping')
      return []
    }
    return node.entries.map(({ key, value }) => {
      const entry = { key: key.text, node: value, path: [...path, key.text], line: lineOf(key.at) }
      if (!literal && !readsAsString(key))
        note(entry, 'the key must be quoted: YAML readers take it for another type')
      return entry
    })
  }

  function items(spot: Spot): Spot[] {
    const { node, path } = spot
    if (node.kind === 'sequence')
      return node.items.map((item, i) => ({ node: item, path: [...path, i], line: lineOf(item.at) }))
    note(spot, 'must be a list')
    return []
  }

  function text(spot: Spot): string | undefined {
    if (spot.node.kind !== 'scalar') return note(spot, 'must be a text')
    if (literal ? isNull(spot.node) : !readsAsString(spot.node))
      return note(spot, 'must be a text; put it in quotes')
    return spot.node.text === '' ? note(spot, 'must not be empty') : spot.node.text
  }

  return {
    problems,
    note,
    entries,
    items,
    text,
    root: (node) => ({ node, path: [], line: lineOf(node.at) }),
    fields(spot, known) {
      const found = entries(spot)
      for (const entry of found) if (!known.includes(entry.key)) note(entry, unknownField(entry.key, known))
      return new Map(found.map((entry) => [entry.key, entry]))
    },
    texts(spot) {
      const all = spot.node.kind === 'sequence' ? items(spot) : [spot]
      if (all.length === 0) note(spot, 'must not be empty')
      return all.flatMap((one) => {
        const read = text(one)
        return read === undefined ? [] : [{ text: read, spot: one }]
      })
    },
  }
}

const unknownField = (key: string, known: readonly string[]): string =>
  `unknown field${guess(nearest(key, known))}`

/** `; did you mean …?` where there is something near. */
export const guess = (meant: string | undefined): string =>
  meant === undefined ? '' : `; did you mean \`${meant}\`?`
