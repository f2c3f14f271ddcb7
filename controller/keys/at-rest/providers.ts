import { kmsProvider } from './kms/provider.ts'
import { type AtRestOptions, targetForm } from './options.ts'
import type { Provider } from './provider.ts'
import type { Providers } from './seeds.ts'
import { transitProvider } from './transit/provider.ts'
import type { VaultOptions } from './transit/request.ts'
import { connectVault } from './transit/vault.ts'

/** The providers that the flags name. What speaks to them is loaded when it is first needed. */
export function providersOf(options: AtRestOptions, userAgent: string): Providers {
  const { kms, kmsDecrypt } = options
  const target = targetForm(options)
  const all: Provider[] = []
  for (const address of [kms, kmsDecrypt]) if (address !== undefined) all.push(kmsAt(address))
  for (const vault of [vaultOf(options), formerVaultOf(options)])
    if (vault) all.push(transitProvider({ ...options, ...vault }, () => connectVault(vault, userAgent)))
  // The first of its form: a second one only opens.
  const wraps = all.find(({ form }) => form === target)
  return { ...(wraps && { target: wraps }), all }
}

function vaultOf(options: AtRestOptions): VaultOptions | undefined {
  const { vaultAddr } = options
  return vaultAddr === undefined ? undefined : { ...options, vaultAddr }
}

function formerVaultOf(options: AtRestOptions): VaultOptions | undefined {
  const { vaultDecryptAddr, vaultDecryptAuthMount, vaultDecryptJwtFile } = options
  if (vaultDecryptAddr === undefined) return undefined
  return {
    vaultAddr: vaultDecryptAddr,
    vaultNamespace: options.vaultDecryptNamespace,
    vaultTokenFile: options.vaultDecryptTokenFile,
    vaultRole: options.vaultDecryptRole,
    vaultAuthMount: vaultDecryptAuthMount ?? options.vaultAuthMount,
    vaultJwtFile: vaultDecryptJwtFile ?? options.vaultJwtFile,
    vaultCaFile: options.vaultDecryptCaFile,
  }
}

const kmsAt = (address: string): Provider =>
  kmsProvider(address, async (what) => {
    const { connectKms } = await import('./kms/client.ts')
    return connectKms(address, what)
  })
