import { chooseKem } from '../../../../../shared/crypto/kem/choose.ts'
import type { SealedSecret } from '../../../../../shared/format/sealed-secret.ts'
import { rewriteSealed } from '../../../../../shared/ops/edit/rewrite.ts'
import { readText, sealObject, seededRandom } from '../../../../support/objects.ts'
import { prod } from '../streams.ts'

export const kem = await chooseKem()

/** An object with these values, all in one envelope. */
export const sealedOf = (values: Record<string, string>, seed = 1): Promise<SealedSecret> =>
  sealObject(
    kem,
    [prod.opened],
    new Map(Object.entries(values).map(([key, text]) => [key, Buffer.from(text)])),
    seededRandom(seed),
  )

/** Long ciphertexts as words, so that a text can be compared as a whole. */
export const short = (text: string): string =>
  text.replace(/[A-Za-z0-9+/]{40,}={0,2}/g, (long) => `<${long.slice(0, 3)}>`)

/** The text after a change of the object that it holds. */
export function edited(text: string, change: (sealed: SealedSecret) => SealedSecret): string {
  const before = readText(text)
  return rewriteSealed(text, [], before, change(before))
}

/** The lines that went and those that came, as a diff shows them; everything else is the same, in the same order. */
export function hunks(before: string, after: string): string[] {
  const [old, now] = [before, after].map((text) => text.split(/(?<=\n)/))
  const rest = [...(now ?? [])]
  const lines: string[] = []
  for (const line of old ?? []) {
    const at = rest.indexOf(line)
    if (at < 0) lines.push(`-${line}`)
    else
      lines.push(
        ...rest
          .splice(0, at + 1)
          .slice(0, -1)
          .map((added) => `+${added}`),
      )
  }
  return [...lines, ...rest.map((added) => `+${added}`)].map(short)
}
