import { nearest } from '../../../shared/check/nearest.ts'
import { CHARSETS, DEFAULT_CHARSET } from '../../../shared/policy/charsets.ts'
import { usage } from '../../refused.ts'

export interface GenerateWish {
  key: string
  length: number
  charset: string
}

const MAX_LENGTH = 4096

/** `KEY=LENGTH`, `KEY=LENGTH:NAME` or `KEY=LENGTH:[CHARACTERS]`, with ranges as in `[a-z0-9]`. */
export function parseGenerate(text: string): GenerateWish {
  const [, key, digits = '', set = DEFAULT_CHARSET] = /^([^=]+)=(\d+)(?::(.+))?$/s.exec(text) ?? []
  const length = Number(digits)
  if (key === undefined || length < 1 || length > MAX_LENGTH)
    throw usage(
      '--generate needs KEY=LENGTH or KEY=LENGTH:CHARSET',
      `As in \`password=24:alnum\` or \`pin=6:[0-9]\`; the length is at most ${MAX_LENGTH}.`,
    )
  return { key, length, charset: charsetOf(set) }
}

function charsetOf(set: string): string {
  const [, within] = /^\[(.+)\]$/s.exec(set) ?? []
  if (within !== undefined) return explicit(within)
  const known = CHARSETS.get(set)
  if (known !== undefined) return known
  const meant = nearest(set, [...CHARSETS.keys()])
  throw usage(
    '--generate: this is no name of a character set',
    meant === undefined
      ? `The names are ${[...CHARSETS.keys()].join(', ')}; your own characters stand in brackets: [a-z0-9_].`
      : `Did you mean \`${meant}\`?`,
  )
}

const isPrintable = (code: number): boolean => code >= 0x21 && code <= 0x7e

/** A hyphen stands for itself where it is first or last. */
function explicit(within: string): string {
  const characters: string[] = []
  for (let i = 0; i < within.length; i++) {
    const from = within.charCodeAt(i)
    const isRange = within[i + 1] === '-' && i + 2 < within.length
    const to = isRange ? within.charCodeAt(i + 2) : from
    if (isRange) i += 2
    if (!isPrintable(from) || !isPrintable(to) || to < from)
      throw usage(
        '--generate: between the brackets stand characters of ASCII without blanks, and ranges of them',
      )
    for (let code = from; code <= to; code++) characters.push(String.fromCharCode(code))
  }
  if (new Set(characters).size < characters.length)
    throw usage('--generate: a character stands twice between the brackets', 'It would be drawn more often.')
  if (characters.length < 2) throw usage('--generate: one character alone is no choice')
  return characters.join('')
}
