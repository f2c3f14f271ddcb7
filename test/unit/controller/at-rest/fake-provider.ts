import { AtRestError, type Provider } from '../../../../controller/keys/at-rest/provider.ts'

/** A provider in memory, which a test makes go away, turn its key, and lie. */
export interface FakeProvider extends Provider {
  away: boolean
  /** Gives back something else than it was given. */
  lies: boolean
  key: number
  calls: string[]
}

export function fakeProvider(form: Provider['form'] = 'kms', secret = 0x5a): FakeProvider {
  const crypt = (bytes: Uint8Array) => bytes.map((byte) => byte ^ secret)
  const recordOf = (key: number) =>
    form === 'kms'
      ? { provider: 'kms-v2' as const, keyId: `${secret}-${key}`, annotations: {} }
      : { provider: 'transit' as const, mount: 'transit', key: 'waxwing', version: key }

  async function called<T>(call: string, result: () => T): Promise<T> {
    provider.calls.push(call)
    if (provider.away) throw new AtRestError('unavailable', 'it is away')
    return result()
  }

  const provider: FakeProvider = {
    form,
    what: `the fake ${form}`,
    away: false,
    lies: false,
    key: 1,
    calls: [],
    opens: (by) => (by.provider === 'transit') === (form === 'transit'),
    wrap: (seed) => called('wrap', () => ({ bytes: crypt(seed), by: recordOf(provider.key) })),
    unwrap: ({ bytes, by }) =>
      called('unwrap', () => {
        if (by.provider === 'kms-v2' && !by.keyId.startsWith(`${secret}-`))
          throw new AtRestError('refused', 'it is not its own')
        return crypt(bytes).map((byte) => (provider.lies ? byte ^ 1 : byte))
      }),
    newest: () =>
      called('newest', () => (by) => JSON.stringify(by) === JSON.stringify(recordOf(provider.key))),
    close: () => undefined,
  }
  return provider
}
