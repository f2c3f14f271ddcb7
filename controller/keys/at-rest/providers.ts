import { kmsProvider } from './kms/provider.ts'
import { type AtRestOptions, targetForm } from './options.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './seeds.ts'
import { transitProvider } from './transit/provider.ts'
import { connectVault } from './transit/vault.ts'

/** The providers that the flags name. What speaks to them is loaded when it is first needed. */
export function providersOf(options: AtRestOptions, userAgent: string): Providers {
  const { kms, kmsDecrypt, vaultAddr } = options
  const target = targetForm(options)
  const all: Provider[] = []
  for (const address of [kms, kmsDecrypt]) if (address !== undefined) all.push(kmsAt(address))
  if (vaultAddr !== undefined)
    all.push(transitProvider(options, () => connectVault({ ...options, vaultAddr }, userAgent)))
  // The first of its form: the second KMS only opens.
  const wraps = all.find(({ form }) => form === target)
  return { ...(wraps && { target: wraps }), all }
}

const kmsAt = (address: string): Provider =>
  kmsProvider(address, async (what) => {
    const { connectKms } = await import('./kms/client.ts')
    return connectKms(address, what)
  })
