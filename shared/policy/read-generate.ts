import { CHARSETS, DEFAULT_CHARSET } from './charsets.ts'
import type { Spot, SpotEntry, SpotReader } from './spots.ts'
import type { GenerateRule } from './types.ts'
import { known } from './words.ts'

const MAX_LENGTH = 4096

/** `password: { length: 32, charset: hex }`, or `characters` in the place of `charset`. */
export function readGenerate(r: SpotReader, entry: SpotEntry): GenerateRule | undefined {
  const fields = r.fields(entry, ['length', 'charset', 'characters'])
  const lengthAt = fields.get('length')
  if (!lengthAt) return r.note(entry, 'the field `length` is missing')
  const length = readLength(r, lengthAt)
  const charset = readCharset(r, fields.get('charset'), fields.get('characters'))
  if (length === undefined || charset === undefined) return undefined
  return { key: entry.key, length, charset, line: entry.line }
}

function readLength(r: SpotReader, spot: Spot): number | undefined {
  const { node } = spot
  const length =
    node.kind === 'scalar' && node.plain && /^[1-9]\d{0,3}$/.test(node.text) ? Number(node.text) : undefined
  return length !== undefined && length <= MAX_LENGTH
    ? length
    : r.note(spot, `must be a number between 1 and ${MAX_LENGTH}`)
}

function readCharset(r: SpotReader, name: Spot | undefined, own: Spot | undefined): string | undefined {
  if (name && own) return r.note(own, 'excludes `charset`')
  if (own) {
    const text = r.text(own)
    if (text === undefined) return undefined
    const characters = [...new Set(text)]
    if (characters.length < 2) return r.note(own, 'must hold at least two different characters')
    // Single bytes, so that the length is one on every side.
    if (!/^[ -~]+$/.test(text)) return r.note(own, 'must hold nothing but printable ASCII')
    return characters.join('')
  }
  const text = name ? r.text(name) : DEFAULT_CHARSET
  if (text === undefined) return undefined
  const word = known(r, name ?? own ?? { path: [] }, text, [...CHARSETS.keys()], 'character set')
  return word === undefined ? undefined : CHARSETS.get(word)
}
