import { nodeKem } from '#node-kem'
import type { MlKem } from './types.ts'
import { webcryptoKem } from './webcrypto.ts'

let chosen: Promise<MlKem> | undefined

/** The fastest ML-KEM-768 this runtime has, probed once: node:crypto, WebCrypto, else noble. */
export function chooseKem(): Promise<MlKem> {
  chosen ??= probe()
  return chosen
}

async function probe(): Promise<MlKem> {
  return nodeKem() ?? (await webcryptoKem()) ?? (await import('./noble.ts')).noble
}
