import type { Path } from '../../errors.ts'
import { cannotEdit, readSpans, type SpanNode } from '../../format/spans.ts'
import {
  addToBlock,
  appendToBlock,
  emptyBelow,
  fillBelow,
  indent,
  removeFromBlock,
  withDash,
} from '../../format/spans-block.ts'
import { addToFlow, partsOf, removeFromFlow } from '../../format/spans-flow.ts'
import { type Splice, splice } from '../../format/spans-lines.ts'
import { entryLines, itemLines, keyText, type Quotes, scalarText } from '../../format/spans-text.ts'
import { columnOf, type Layout, layoutOf } from './layout.ts'
import { type Found, locate } from './locate.ts'
import type { Step } from './steps.ts'

/** A document's text after one step. `quotes` says what of an added entry is put in quotes. */
export function applyStep(text: string, step: Step, quotes: (path: Path) => Quotes): string {
  const spans = readSpans(text)
  const found = locate(spans, step.path)
  const at = { text, found, layout: layoutOf(text, spans.root), quotes }
  return splice(text, splicesOf(at, step))
}

interface At {
  text: string
  found: Found
  layout: Layout
  quotes: (path: Path) => Quotes
}

function splicesOf(at: At, step: Step): Splice[] {
  const { found } = at
  const missing = found.rest.length > 0
  if (step.do === 'remove') return missing ? [] : remove(at)
  if (step.do === 'rename') {
    if (missing || !found.key) throw cannotEdit('the key is not there')
    return [{ start: found.key.start, end: found.key.end, text: keyText(step.to, found.key) }]
  }
  if (step.do === 'append' && !missing) return append(at, step.value)
  if (!missing) return [replace(at.text, found.node, step.value)]
  const [key, ...below] = found.rest
  if (typeof key !== 'string') throw cannotEdit('a list has no such item')
  const value = nested(below, step.do === 'append' ? [step.value] : step.value)
  const depth = step.path.length - below.length
  return add(at, key, value, at.quotes(step.path.slice(0, depth)))
}

const nested = (path: Path, value: unknown): unknown =>
  path.reduceRight((inner: unknown, step) => ({ [step]: inner }), value)

function replace(text: string, old: SpanNode, value: unknown): Splice {
  const written = scalarText(value, old)
  const gap = old.start === old.end && !/\s/.test(text.charAt(old.start - 1)) ? ' ' : ''
  return { start: old.start, end: old.end, text: gap + written }
}

function add({ text, found, layout }: At, key: string, value: unknown, quotes: Quotes): Splice[] {
  const { node } = found
  if (node.kind === 'mapping' && !node.flow) return [addToBlock(text, node, key, value, quotes)]
  if (node.kind === 'mapping' && (node.entries.length > 0 || !below(found)))
    return addToFlow(text, node, key, value, layout.flow)
  const fill = isEmpty(node) && below(found)
  if (fill) {
    const margin = ' '.repeat(columnOf(text, fill) + layout.mapping)
    return fillBelow(text, fill, node, indent(entryLines(key, value, quotes), margin))
  }
  if (isEmpty(node)) return [replace(text, node, { [key]: value })]
  throw cannotEdit('it is no mapping')
}

function append({ text, found, layout }: At, value: unknown): Splice[] {
  const { node } = found
  if (node.kind === 'sequence' && !node.flow) return [appendToBlock(text, node, value)]
  if (node.kind === 'sequence' && (node.items.length > 0 || !below(found)))
    return addToFlow(text, node, undefined, value, layout.flow)
  const fill = isEmpty(node) && below(found)
  if (fill) {
    const dash = `${' '.repeat(columnOf(text, fill) + layout.dash)}- `
    return fillBelow(text, fill, node, withDash(itemLines(value), dash))
  }
  if (isEmpty(node)) return [replace(text, node, [value])]
  throw cannotEdit('it is no list')
}

function remove({ text, found }: At): Splice[] {
  const { parent, index, above } = found
  if (parent?.kind !== 'mapping' && parent?.kind !== 'sequence') throw cannotEdit('it is the document itself')
  if (parent.flow) return removeFromFlow(text, parent, index)
  if (partsOf(parent).length > 1) return [removeFromBlock(text, parent, index)]
  if (!above?.key) throw cannotEdit('nothing would be left of it')
  return emptyBelow(text, above.key, parent)
}

/** The key, where the node stands below one in block style: lines can follow it. */
const below = ({ parent, key }: Found) => (parent?.kind === 'mapping' && !parent.flow ? key : undefined)

const isEmpty = (node: SpanNode): boolean =>
  (node.kind === 'mapping' && node.flow && node.entries.length === 0) ||
  (node.kind === 'sequence' && node.flow && node.items.length === 0) ||
  (node.kind === 'scalar' && node.style === 'plain' && /^(~|null|)$/i.test(node.text))
