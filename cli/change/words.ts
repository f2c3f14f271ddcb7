import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import type { Changes } from '../../shared/ops/edit/changes.ts'
import { keyName } from '../render/key-name.ts'

/** A public key as far as it is known: a private key at hand brings no name. */
export interface NamedRecipient {
  id: string
  holder?: string
}

/** `+ token, ~ user · shop/db · for prod (wx7c2m…)` */
export function changeLine(
  { added, replaced, removed, template }: Changes,
  sealed: SealedSecret,
  recipients: readonly NamedRecipient[],
): string {
  const signs = [
    ...added.map((key) => `+ ${key}`),
    ...replaced.map((key) => `~ ${key}`),
    ...removed.map((key) => `- ${key}`),
    ...(template ? ['~ template'] : []),
  ]
  const names = recipients.map(({ id, holder }) =>
    keyName({ id, ...(holder === undefined ? {} : { holder }) }),
  )
  return [signs.join(', '), identity(sealed), ...(names.length > 0 ? [`for ${names.join(', ')}`] : [])].join(
    ' · ',
  )
}

/** `+ envelope kq7p2xa3`, one a line. */
export const envelopeLines = ({ newEnvelopes, goneEnvelopes }: Changes): string[] => [
  ...newEnvelopes.map(({ id }) => `+ envelope ${id}`),
  ...goneEnvelopes.map(({ id }) => `- envelope ${id}`),
]

export const identity = ({ namespace, name }: SealedSecret): string =>
  [namespace, name].filter((part) => part !== '').join('/') || 'without a name'
