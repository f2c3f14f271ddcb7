import type { Event } from 'js-yaml'
import { jsYaml } from '#js-yaml'
import { SealError } from '../errors.ts'

/**
 * Where everything of a document stands, for edits that leave the rest of the text alone. The offsets are those of the
 * parser that reads the document, so what is replaced and what is read cannot be two different things; a second parser
 * (a CST library, say) would have to agree with it in every corner.
 */
interface Span {
  /** Where its anchor or tag begins, else `start`. */
  from: number
  /** Of the content itself; `end` is before the line break. */
  start: number
  end: number
  anchor: string | undefined
}
export interface ScalarSpan extends Span {
  kind: 'scalar'
  text: string
  style: 'plain' | 'single' | 'double' | 'block'
}
interface AliasSpan extends Span {
  kind: 'alias'
}
export interface EntrySpan {
  key: SpanNode
  value: SpanNode
}
export interface MappingSpan extends Span {
  kind: 'mapping'
  flow: boolean
  entries: EntrySpan[]
}
export interface SequenceSpan extends Span {
  kind: 'sequence'
  flow: boolean
  items: SpanNode[]
}
export type SpanNode = ScalarSpan | AliasSpan | MappingSpan | SequenceSpan

export interface Spans {
  root: SpanNode
  /** Anchors that an alias names. */
  aliased: ReadonlySet<string>
}

export const cannotEdit = (reason: string): SealError => new SealError('edit-place', reason)

/** The places of one document that was read before and found to be in order. */
export function readSpans(text: string): Spans {
  const { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents } = jsYaml()
  const styles = new Map<number, ScalarSpan['style']>([
    [SCALAR_STYLE.PLAIN, 'plain'],
    [SCALAR_STYLE.SINGLE_QUOTED, 'single'],
    [SCALAR_STYLE.DOUBLE_QUOTED, 'double'],
  ])
  const events = parseEvents(text, {})
  const aliased = new Set<string>()
  let next = 1
  let cursor = 0

  function node(): SpanNode {
    const event = events[next++]
    if (!event || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      throw cannotEdit('the document ends too early')
    const anchor = event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd)
    if (event.type !== EVENT_ID.ALIAS) return content(event, anchor)
    if (anchor !== undefined) aliased.add(anchor)
    const start = event.anchorStart - 1
    cursor = event.anchorEnd
    return { kind: 'alias', from: start, start, end: cursor, anchor }
  }

  function content(event: Exclude<Event, { type: 1 | 5 | 6 }>, anchor: string | undefined): SpanNode {
    const marks = [event.anchorStart - 1, event.tagStart].filter((at) => at >= 0)
    cursor = Math.max(cursor, event.anchorEnd, event.tagEnd)
    if (event.type === EVENT_ID.SCALAR) {
      const [start, end] = scalarPlace(event)
      cursor = end
      const style = styles.get(event.style) ?? 'block'
      const held = event.valueStart < 0 ? '' : getScalarValue(text, event)
      return { kind: 'scalar', text: held, style, from: Math.min(start, ...marks), start, end, anchor }
    }
    const { start } = event
    const flow = event.style === COLLECTION_STYLE.FLOW
    const place = { flow, from: Math.min(start, ...marks), start, anchor }
    cursor = flow ? start + 1 : start
    if (event.type === EVENT_ID.SEQUENCE) {
      const items: SpanNode[] = []
      while (events[next]?.type !== EVENT_ID.POP) items.push(node())
      return { kind: 'sequence', items, ...place, end: collectionEnd(flow) }
    }
    const entries: EntrySpan[] = []
    while (events[next]?.type !== EVENT_ID.POP) entries.push({ key: node(), value: node() })
    return { kind: 'mapping', entries, ...place, end: collectionEnd(flow) }
  }

  function scalarPlace(event: Extract<Event, { type: 4 }>): [number, number] {
    const { style, valueStart, valueEnd } = event
    if (style === SCALAR_STYLE.PLAIN && valueStart < 0) {
      const at = skip(/[ \t]*:|/y)
      return [at, at]
    }
    if (style === SCALAR_STYLE.PLAIN) return [valueStart, valueEnd]
    if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED)
      return [valueStart - 1, valueEnd + 1]
    const header = skip(/(?:[\s:-]|#[^\n]*)*/y)
    const head = /[|>][-+1-9]*/y
    head.lastIndex = header
    if (!head.test(text)) throw cannotEdit('a block text whose first line cannot be found')
    return [header, Math.max(head.lastIndex, valueStart + text.slice(valueStart, valueEnd).trimEnd().length)]
  }

  /** A flow collection ends at its bracket, a block collection with the last that is in it. */
  function collectionEnd(flow: boolean): number {
    next += 1
    if (!flow) return cursor
    cursor = skip(/(?:[\s,:]|#[^\n]*)*/y) + 1
    if (!/[\]}]/.test(text.charAt(cursor - 1)))
      throw cannotEdit('a flow collection whose end cannot be found')
    return cursor
  }

  function skip(pattern: RegExp): number {
    pattern.lastIndex = cursor
    return pattern.test(text) ? pattern.lastIndex : cursor
  }

  return { root: node(), aliased }
}
