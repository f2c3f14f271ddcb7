import { affordBytes, type Budget, deeper, spendBytes, spendSteps } from '../budget.ts'
import { encodeRune, INVALID, isAscii, runes } from '../text.ts'
import { type Dict, isDict, isInt, isList, isNil, type List, sortedKeys, type Value } from '../values.ts'

/** `html`: `<`, `>` and `&` are escaped. */
export interface Json {
  readonly html: boolean
  readonly indent: string
}

/** Go's json.Marshal and MarshalIndent. */
export function writeJson(budget: Budget, value: Value, style: Json, margin = '\n'): string {
  spendSteps(budget)
  if (isNil(value)) return 'null'
  if (typeof value === 'string') return quoteJson(budget, value, style)
  if (isInt(value)) return String(value.n)
  // Unlike JavaScript's, Go's zero keeps its sign.
  if (!isList(value) && !isDict(value)) return Object.is(value, -0) ? '-0' : String(value)
  const text = deeper(budget, () => container(budget, value, style, margin))
  // Each level copies what stands in it.
  spendBytes(budget, text.length)
  return text
}

function container(budget: Budget, value: List | Dict, style: Json, margin: string): string {
  const inner = margin + style.indent
  const write = (item: Value) => writeJson(budget, item, style, inner)
  const colon = style.indent === '' ? ':' : ': '
  const parts = isList(value)
    ? value.items.map(write)
    : sortedKeys(budget, value).map(
        (key) => quoteJson(budget, key, style) + colon + write(value.entries.get(key)),
      )
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}']
  if (style.indent === '' || parts.length === 0) return open + parts.join(',') + close
  affordBytes(budget, parts.length * inner.length)
  return open + inner + parts.join(`,${inner}`) + margin + close
}

const SHORT: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
}

function quoteJson(budget: Budget, text: string, { html }: Json): string {
  spendBytes(budget, text.length)
  if (isAscii(text) && !/[^ !#-%'-;=?-[\]-~]/.test(text)) return `"${text}"`
  const parts: string[] = []
  for (const [rune] of runes(text)) parts.push(escaped(rune, html))
  return `"${parts.join('')}"`
}

function escaped(rune: number, html: boolean): string {
  if (rune === INVALID) return '\\ufffd'
  const short = SHORT[rune]
  if (short !== undefined) return short
  const unsafe =
    rune < 0x20 || rune === 0x2028 || rune === 0x2029 || (html && '<>&'.includes(encodeRune(rune)))
  return unsafe ? `\\u${rune.toString(16).padStart(4, '0')}` : encodeRune(rune)
}
