import { type Bound, bindingText, bound } from '../crypto/bound.ts'
import { SUITE, unwrap } from '../crypto/envelope.ts'
import { valueOpener } from '../crypto/value.ts'
import type { XWingPrivateKey } from '../crypto/xwing.ts'
import { SealError } from '../errors.ts'
import type { Envelope, SealedSecret } from './sealed-secret.ts'

/** The private keys at hand, by id. */
export type PrivateKeys = ReadonlyMap<string, XWingPrivateKey>

/** What the object's envelopes must have been sealed for. */
export const boundOf = ({ scope, namespace, name }: SealedSecret): Bound => bound(scope, namespace, name)

/** The checks that need no key, beyond `malformed`: `unknown-suite`, then `moved`. */
export function checkKeyless(sealed: SealedSecret): void {
  sealed.envelopes.forEach(({ suite, id }, i) => {
    if (suite !== SUITE)
      throw new SealError('unknown-suite', `envelope ${id} uses a suite that this version does not know`, {
        path: ['spec', 'envelopes', i, 'suite'],
      })
  })
  const own = bindingText(boundOf(sealed))
  sealed.envelopes.forEach(({ binding }, i) => {
    if (binding !== own)
      throw new SealError('moved', `sealed for another name, namespace or scope than ${boundWords(sealed)}`, {
        path: ['spec', 'envelopes', i, 'binding'],
      })
  })
}

/**
 * All values, or the first failure in the format's order: `unknown-suite`, `moved`, `no-key`, `wrong-envelope`,
 * `tampered`. Authenticates the values for this name, namespace and scope; who sealed them is not known.
 */
export async function unseal(sealed: SealedSecret, keys: PrivateKeys): Promise<Map<string, Uint8Array>> {
  return (await openSealed(sealed, keys)).values
}

/** The same with the data keys, by envelope id, for what makes new wraps of them. */
export async function openSealed(
  sealed: SealedSecret,
  keys: PrivateKeys,
): Promise<{ values: Map<string, Uint8Array>; dataKeys: ReadonlyMap<string, Uint8Array> }> {
  checkKeyless(sealed)
  const target = boundOf(sealed)
  const holders = sealed.envelopes.map((envelope, i) => holderOf(envelope, keys, i))
  const dataKeys = new Map<string, Uint8Array>()
  for (const [i, { envelope, id, key }] of holders.entries()) {
    const entry = envelope.recipients.find((recipient) => recipient.key === id)
    const dek = entry && (await unwrap(key, id, entry, envelope.commitment, target))
    if (!dek)
      throw new SealError('wrong-envelope', `the wrap of envelope ${envelope.id} for ${id} does not open`, {
        path: ['spec', 'envelopes', i],
      })
    dataKeys.set(envelope.id, dek)
  }
  return { values: openAll(sealed, target, dataKeys), dataKeys }
}

function holderOf(envelope: Envelope, keys: PrivateKeys, index: number) {
  for (const { key: id } of envelope.recipients) {
    const key = keys.get(id)
    if (key) return { envelope, id, key }
  }
  const sealedFor = envelope.recipients.map(({ key }) => key).join(', ')
  throw new SealError(
    'no-key',
    `envelope ${envelope.id} is sealed for ${sealedFor}; none of these keys is here`,
    {
      path: ['spec', 'envelopes', index, 'recipients'],
    },
  )
}

function openAll(sealed: SealedSecret, target: Bound, dataKeys: ReadonlyMap<string, Uint8Array>) {
  const openers = new Map([...dataKeys].map(([id, dek]) => [id, valueOpener(dek, target)]))
  const values = new Map<string, Uint8Array>()
  for (const [name, { envelope, sealed: text }] of [...sealed.data].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = openers.get(envelope)?.(name, text)
    if (!value)
      throw new SealError('tampered', `the value of \`${name}\` does not open`, {
        path: ['spec', 'data', name],
      })
    values.set(name, value)
  }
  return values
}

/** `shop/db, strict scope`: what values are bound to, as far as the scope binds it. */
export function boundWords({ scope, namespace, name }: Bound): string {
  if (scope === 'cluster') return 'cluster scope'
  return scope === 'namespace'
    ? `namespace ${namespace}, namespace scope`
    : `${namespace}/${name}, strict scope`
}
