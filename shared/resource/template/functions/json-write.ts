import { type Budget, deeper, spendBytes, spendSteps } from '../budget.ts'
import { encodeRune, INVALID, isAscii, runes } from '../text.ts'
import { isDict, isInt, isList, isNil, sortedKeys, type Value } from '../values.ts'

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
  const inner = margin + style.indent
  return deeper(budget, () => {
    if (isList(value))
      return wrap(
        '[',
        ']',
        value.items.map((item) => writeJson(budget, item, style, inner)),
        style,
        margin,
      )
    const colon = style.indent === '' ? ':' : ': '
    const member = (key: string) =>
      quoteJson(budget, key, style) + colon + writeJson(budget, value.entries.get(key), style, inner)
    return wrap('{', '}', sortedKeys(value).map(member), style, margin)
  })
}

function wrap(
  open: string,
  close: string,
  parts: readonly string[],
  { indent }: Json,
  margin: string,
): string {
  if (indent === '' || parts.length === 0) return open + parts.join(',') + close
  const inner = margin + indent
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
