import { AtRestError, type Provider } from './provider.ts'
import type { Providers } from './seeds.ts'

/** A call begins; called back with how it ended: `ok`, the code of an AtRestError, or `error`. `keyId`: whose seed it is about. */
export type ProviderAsked = (call: {
  provider: Provider['form']
  operation: 'wrap' | 'unwrap' | 'newest'
  keyId?: string
}) => (result: string) => void

/** The same providers, each of whose calls is told of. */
export function observedProviders({ target, all }: Providers, asked: ProviderAsked): Providers {
  const observed = new Map(all.map((provider) => [provider, observedProvider(provider, asked)]))
  const wraps = target && observed.get(target)
  return { ...(wraps && { target: wraps }), all: [...observed.values()] }
}

type Asking = Omit<Parameters<ProviderAsked>[0], 'provider'>

function observedProvider(provider: Provider, asked: ProviderAsked): Provider {
  async function tell<T>(asking: Asking, call: () => Promise<T>): Promise<T> {
    const ended = asked({ provider: provider.form, ...asking })
    try {
      const result = await call()
      ended('ok')
      return result
    } catch (error) {
      ended(error instanceof AtRestError ? error.code : 'error')
      throw error
    }
  }
  return {
    ...provider,
    wrap: (seed, keyId) => tell({ operation: 'wrap', keyId }, () => provider.wrap(seed, keyId)),
    unwrap: (wrapped, keyId) => tell({ operation: 'unwrap', keyId }, () => provider.unwrap(wrapped, keyId)),
    newest: () => tell({ operation: 'newest' }, provider.newest),
  }
}
