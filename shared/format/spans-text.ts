import { astMapping, astOfObject, presentAst } from './ast.ts'
import type { ScalarSpan, SpanNode } from './spans.ts'
import { quoteAll } from './write.ts'

/** How new content is written: as what stands beside it is. */

/** JSON, which is YAML's flow style too; what YAML does not take as it is gets escaped. */
export function flowText(value: unknown, unit?: string): string {
  return JSON.stringify(value, null, unit).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A text in quotes: single ones where they stood before and can be kept, else double. */
export function scalarText(value: unknown, old?: SpanNode): string {
  const single = old?.kind === 'scalar' && old.style === 'single'
  if (typeof value !== 'string' || !single || !/^[\x20-\x7e]*$/.test(value)) return flowText(value)
  return `'${value.replaceAll("'", "''")}'`
}

/** What of an added entry is put in quotes, whatever it looks like: all of `spec.data`, the texts of an envelope. */
export interface Quotes {
  key: boolean
  inside: 'none' | 'values' | 'all'
}

/** The lines of `key: value` in block style. */
export function entryLines(key: string, value: unknown, quotes: Quotes): string[] {
  const entry = astMapping([[key, astOfObject(value)]])
  const [item] = entry.kind === 'mapping' ? entry.items : []
  if (item && quotes.key) quoteAll(item.key, true)
  if (item && quotes.inside !== 'none') quoteAll(item.value, quotes.inside === 'all')
  return linesOf(presentAst(entry))
}

/** The lines of an item of a block sequence, without its dash. */
export function itemLines(value: unknown): string[] {
  const item = astOfObject(value)
  quoteAll(item, false)
  return linesOf(presentAst(item))
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n')

/** A key that takes another's place, in the same quotes. */
export function keyText(key: string, old: ScalarSpan): string {
  return old.style === 'plain' &&
    /^[a-zA-Z_][-_.a-zA-Z0-9]*$/.test(key) &&
    !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key)
    ? key
    : scalarText(key, old)
}
