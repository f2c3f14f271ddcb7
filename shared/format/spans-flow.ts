import { cannotEdit, type EntrySpan, type MappingSpan, type SequenceSpan } from './spans.ts'
import { before, insertAt, isBlank, lineEnd, lineEndOf, lineStart, type Splice } from './spans-lines.ts'
import { flowText } from './spans-text.ts'

/** Edits of `{…}` and `[…]`, JSON among them. */

interface Part {
  from: number
  end: number
}

/** `unit`: how JSON is indented, '' for JSON in one line; `dense`: no spaces between tokens. */
export interface FlowLayout {
  unit: string
  dense: boolean
}

export const partsOf = (node: MappingSpan | SequenceSpan): Part[] =>
  node.kind === 'mapping'
    ? node.entries.map(({ key, value }) => ({ from: key.from, end: Math.max(key.end, value.end) }))
    : node.items.map(({ from, end }) => ({ from, end }))

export function removeFromFlow(text: string, node: MappingSpan | SequenceSpan, index: number): Splice[] {
  const parts = partsOf(node)
  const part = parts[index]
  const after = parts[index + 1]
  const previous = parts[index - 1]
  if (!part) return []
  if (after && !text.slice(part.end, after.from).includes('#'))
    return [{ start: part.from, end: after.from, text: '' }]
  if (!after && !previous) return [{ start: node.start + 1, end: node.end - 1, text: '' }]
  if (!after && previous && !text.slice(previous.end, part.from).includes('#'))
    return [{ start: previous.end, end: part.end, text: '' }]
  // Comments stand between: only what is on lines of its own can be taken out without guessing whose they are.
  const comma = after ? text.indexOf(',', part.end) + 1 : part.end
  if (!isBlank(before(text, part.from))) throw cannotEdit('comments stand in the middle of it')
  const line = { start: lineStart(text, part.from), end: lineEnd(text, comma), text: '' }
  if (after || !previous) return [line]
  const separator = text.indexOf(',', previous.end)
  return [{ start: separator, end: separator + 1, text: '' }, line]
}

/** `key` undefined: an item of a sequence. */
export function addToFlow(
  text: string,
  node: MappingSpan | SequenceSpan,
  key: string | undefined,
  value: unknown,
  { unit, dense }: FlowLayout,
): Splice[] {
  const parts = partsOf(node)
  const last = parts.at(-1)
  const outer = before(text, node.start)
  const colon = colonOf(text, node.kind === 'mapping' ? node.entries.at(-1) : undefined, dense)
  if (!last) {
    const margin = /^[ \t]*/.exec(outer)?.[0] ?? ''
    if (unit === '') return [insertAt(node.start + 1, partText(key, colon, flowText(value)))]
    const eol = lineEndOf(text)
    const inner = partText(key, colon, indented(flowText(value, unit), margin + unit, eol))
    return [insertAt(node.start + 1, `${eol}${margin}${unit}${inner}${eol}${margin}`)]
  }
  const separator = separatorOf(text, parts, dense)
  const margin = /\n([ \t]*)$/.exec(separator)?.[1]
  const written =
    margin === undefined || unit === ''
      ? flowText(value)
      : indented(flowText(value, unit), margin, lineEndOf(text))
  return [insertAt(last.end, `${separator}${partText(key, colon, written)}`)]
}

const partText = (key: string | undefined, colon: string, value: string): string =>
  key === undefined ? value : `${flowText(key)}${colon}${value}`

const indented = (value: string, margin: string, eol: string): string =>
  value.replaceAll('\n', `${eol}${margin}`)

function colonOf(text: string, sibling: EntrySpan | undefined, dense: boolean): string {
  const gap = sibling && text.slice(sibling.key.end, sibling.value.from)
  return gap !== undefined && /^[ \t]*:[ \t]+$/.test(gap) ? gap : dense ? ':' : ': '
}

/** What stands between the last two parts, or what would. */
function separatorOf(text: string, parts: readonly Part[], dense: boolean): string {
  const [previous, last] = parts.slice(-2)
  const gap = previous && last ? text.slice(previous.end, last.from) : '#'
  if (!gap.includes('#')) return gap
  const { from } = parts.at(-1) ?? { from: 0 }
  const margin = before(text, from)
  return isBlank(margin) ? `,${lineEndOf(text)}${margin}` : dense ? ',' : ', '
}
