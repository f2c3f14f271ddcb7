import { concat, utf8 } from '../crypto/bytes.ts'
import { SealError } from '../errors.ts'

/** `{{ .name }}` and `{{ index . "na-me" }}` of Go's text/template, with its `-` trim marks. */
const ACTION = /\{\{(-(?=\s))?\s*(.*?)\s*((?<=\s)-)?\}\}/gs
const FIELD = /^\.([A-Za-z_][A-Za-z0-9_]*)$/
const INDEX = /^index\s+\.\s+"([-._a-zA-Z0-9]+)"$/

/**
 * A template's text with the values put in, as bytes (values need not be text). Throws `template` for an action that is
 * not one of the two, and for a key that is not there: Go would print `<no value>` into the Secret.
 */
export function render(name: string, template: string, values: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = []
  const fail = (at: number, words: string) =>
    new SealError('template', `template \`${name}\`, character ${at + 1}: ${words}`, {
      path: ['spec', 'template', 'data', name],
    })
  let from = 0
  let trimNext = false
  const text = (to: number, trim: boolean) => {
    let piece = template.slice(from, to)
    if (trimNext) piece = piece.trimStart()
    if (trim) piece = piece.trimEnd()
    parts.push(utf8(piece))
  }
  for (const match of template.matchAll(ACTION)) {
    const [whole, trimBefore, action = '', trimAfter] = match
    text(match.index, trimBefore !== undefined)
    const key = FIELD.exec(action)?.[1] ?? INDEX.exec(action)?.[1]
    if (key === undefined) throw fail(match.index, 'only {{ .key }} and {{ index . "key" }} are supported')
    const value = values.get(key)
    if (!value) throw fail(match.index, `there is no value \`${key}\``)
    parts.push(value)
    from = match.index + whole.length
    trimNext = trimAfter !== undefined
  }
  const open = template.indexOf('{{', from)
  if (open >= 0) throw fail(open, 'an action that is not closed')
  text(template.length, false)
  return concat(...parts)
}
