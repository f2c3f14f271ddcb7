import { SealError } from '../errors.ts'
import { MAX_DOCUMENT_BYTES } from '../format/limits.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { checkKeyless } from '../format/unseal.ts'
import { render } from '../resource/render.ts'
import { checkTemplate } from '../resource/reserved.ts'

/** Each check of a SealedSecret that needs no key; each throws its own refusal. `bytes`: the size of its document. */
export const KEYLESS_CHECKS: readonly ((sealed: SealedSecret, bytes: number) => void)[] = [
  checkKeyless,
  ({ template }) => checkTemplate(template),
  checkTemplates,
  checkSize,
]

/** Rendered with empty values: whether it can be rendered does not depend on what they are. */
function checkTemplates({ template, data }: SealedSecret): void {
  const values = new Map([...data.keys()].map((key) => [key, new Uint8Array()]))
  for (const [key, text] of template.data) render(key, text, values)
}

function checkSize(_sealed: SealedSecret, bytes: number): void {
  if (bytes > MAX_DOCUMENT_BYTES)
    throw new SealError('too-large', `the document is larger than ${MAX_DOCUMENT_BYTES} bytes`)
}
