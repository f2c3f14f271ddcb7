import { hasDuplicateKey } from '../../check/types/json-keys.ts'
import { SealError } from '../../errors.ts'
import { fieldName } from '../../resource/secret-texts.ts'

/** One flat JSON object of strings, such as tools that keep configuration export. */
export function parseJsonValues(file: string, text: string): Map<string, string> {
  const refuse = (message: string) => new SealError('json-values', message, { where: { file } })
  const object = parse(text)
  if (object === undefined) throw refuse('is not JSON')
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw refuse('is not an object')
  if (hasDuplicateKey(text)) throw refuse('has the same key twice')
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(object)) {
    if (typeof value !== 'string') throw refuse(`${fieldName('the object', key)} is not a string`)
    values.set(key, value)
  }
  return values
}

/** What the parser itself says quotes its input. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
