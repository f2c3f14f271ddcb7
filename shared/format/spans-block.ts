import { cannotEdit, type MappingSpan, type ScalarSpan, type SequenceSpan, type SpanNode } from './spans.ts'
import { before, insertAt, insertLines, isBlank, lineEnd, removeLines, type Splice } from './spans-lines.ts'
import { entryLines, itemLines, type Quotes } from './spans-text.ts'

/** Edits of block collections: whole lines, in and out. */

export function removeFromBlock(text: string, node: MappingSpan | SequenceSpan, index: number): Splice {
  if (node.kind === 'mapping') {
    const entry = node.entries[index]
    if (!entry || !isBlank(before(text, entry.key.from)))
      throw cannotEdit('its line begins with something else')
    return removeLines(text, entry.key.from, Math.max(entry.key.end, entry.value.end))
  }
  const item = node.items[index]
  if (!item) throw cannotEdit('it is not there')
  dashOf(text, item)
  return removeLines(text, item.from, item.end)
}

export function addToBlock(
  text: string,
  node: MappingSpan,
  key: string,
  value: unknown,
  quotes: Quotes,
): Splice {
  const last = node.entries.at(-1)
  if (!last) throw cannotEdit('it is empty')
  const margin = ' '.repeat(before(text, node.entries[0]?.key.from ?? 0).length)
  return insertLines(
    text,
    Math.max(last.key.end, last.value.end),
    indent(entryLines(key, value, quotes), margin),
  )
}

export function appendToBlock(text: string, node: SequenceSpan, value: unknown): Splice {
  const last = node.items.at(-1)
  if (!last) throw cannotEdit('it is empty')
  return insertLines(text, last.end, withDash(itemLines(value), dashOf(text, last)))
}

/** `{}`, `[]` or nothing at all below a key becomes lines below the key's. */
export function fillBelow(
  text: string,
  key: ScalarSpan,
  value: SpanNode,
  lines: readonly string[],
): Splice[] {
  if (value.from !== value.start) throw cannotEdit('an anchor or a tag stands there')
  lineEnd(text, value.end)
  const gap = /[ \t]*$/.exec(text.slice(key.end, value.start))?.[0].length ?? 0
  const emptied = { start: value.start - gap, end: value.end, text: '' }
  return [emptied, insertLines(text, value.end, lines)]
}

/** What is left of a block collection without its last entry. */
export function emptyBelow(text: string, key: ScalarSpan, node: MappingSpan | SequenceSpan): Splice[] {
  const colon = /[ \t]*:/y
  colon.lastIndex = key.end
  if (node.from < node.start || !colon.test(text)) throw cannotEdit('an anchor or a tag stands there')
  return [insertAt(colon.lastIndex, node.kind === 'mapping' ? ' {}' : ' []'), removeFromBlock(text, node, 0)]
}

/** The text before an item's content on its line: margin, dash, spaces. */
function dashOf(text: string, item: SpanNode): string {
  const prefix = before(text, item.from)
  if (!/^[ \t]*- +$/.test(prefix)) throw cannotEdit('its line begins with something else')
  return prefix
}

export const withDash = (lines: readonly string[], dash: string): string[] =>
  lines.map((line, i) => `${i === 0 ? dash : ' '.repeat(dash.length)}${line}`)

export const indent = (lines: readonly string[], margin: string): string[] =>
  lines.map((line) => (line === '' ? '' : `${margin}${line}`))
