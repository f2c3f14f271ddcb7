import { SealError } from '../errors.ts'
import { MAX_DOCUMENT_BYTES } from '../format/limits.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { checkKeyless } from '../format/unseal.ts'
import { checkSyntax } from '../resource/render.ts'
import { checkTemplate } from '../resource/reserved.ts'

/** Each check of a SealedSecret that needs no key; each throws its own refusal. `bytes`: the size of its document. */
export const KEYLESS_CHECKS: readonly ((sealed: SealedSecret, bytes: number) => void)[] = [
  checkKeyless,
  ({ template }) => checkTemplate(template),
  ({ template }) => {
    for (const [key, text] of template.data) checkSyntax(key, text)
  },
  checkSize,
]

function checkSize(_sealed: SealedSecret, bytes: number): void {
  if (bytes > MAX_DOCUMENT_BYTES)
    throw new SealError('too-large', `the document is larger than ${MAX_DOCUMENT_BYTES} bytes`)
}
