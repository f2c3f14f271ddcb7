import { textOf } from '../../check/secret-problem.ts'
import { toBase64 } from '../../crypto/base64.ts'
import { astOfObject, presentAst } from '../../format/ast.ts'
import type { SealedSecret } from '../../format/sealed-secret.ts'
import { sealedSecretObject } from '../../format/write.ts'

/** The text for the editor: values, then the template. `values`: where a private key has opened them. */
export function bufferText(
  sealed: SealedSecret,
  values: ReadonlyMap<string, Uint8Array> | undefined,
): string {
  const data: Record<string, string> = Object.create(null)
  for (const [key, { envelope }] of sealed.data) {
    const value = values?.get(key)
    data[key] = value ? shownValue(value) : placeholder(envelope)
  }
  const { template = {} } = sealedSecretObject(sealed).spec as { template?: unknown }
  return presentAst(astOfObject({ data, template }))
}

/** What stands in the place of a value that is not open. */
export const placeholder = (envelope: string): string => `<sealed ${envelope}>`

/** The first line of a value that is no text, or would be taken for something else. */
export const BASE64 = '<base64>'
const LINE = 76

function shownValue(value: Uint8Array): string {
  const text = textOf(value)
  // Line ends other than \n are the editor's to change, so they are not shown as such.
  if (
    text !== undefined &&
    !/^\s*<(sealed|base64)\b/.test(text) &&
    !/[\r\u0085\u2028\u2029\uFEFF]/.test(text)
  )
    return text
  const lines = toBase64(value).match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return `${[BASE64, ...lines].join('\n')}\n`
}
