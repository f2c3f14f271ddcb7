import type { ProviderMetrics } from '../../metrics/providers.ts'
import { AtRestError, type Provider } from './provider.ts'
import type { Providers } from './seeds.ts'

/** The same providers, each of whose calls is told of. */
export function observedProviders(
  { target, all }: Providers,
  asked: ProviderMetrics['providerAsked'],
): Providers {
  const observed = new Map(all.map((provider) => [provider, observedProvider(provider, asked)]))
  const wraps = target && observed.get(target)
  return { ...(wraps && { target: wraps }), all: [...observed.values()] }
}

function observedProvider(provider: Provider, asked: ProviderMetrics['providerAsked']): Provider {
  async function tell<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const ended = asked({ provider: provider.form, operation })
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
    wrap: (seed, keyId) => tell('wrap', () => provider.wrap(seed, keyId)),
    unwrap: (wrapped, keyId) => tell('unwrap', () => provider.unwrap(wrapped, keyId)),
    newest: () => tell('newest', provider.newest),
  }
}
