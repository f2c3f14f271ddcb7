import type { MlKem, MlKemPrivateKey } from './types.ts'

const ALGORITHM = { name: 'ML-KEM-768' }

/** Modern Algorithms in the Web Cryptography API (WICG); younger than the DOM types of our compiler. */
interface KemSubtle {
  importKey(
    format: 'raw-public' | 'raw-seed',
    key: Uint8Array,
    algorithm: typeof ALGORITHM,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>
  exportKey(format: 'raw-public', key: CryptoKey): Promise<ArrayBuffer>
  getPublicKey(key: CryptoKey, usages: readonly string[]): Promise<CryptoKey>
  encapsulateBits(
    algorithm: typeof ALGORITHM,
    key: CryptoKey,
  ): Promise<{ sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }>
  decapsulateBits(algorithm: typeof ALGORITHM, key: CryptoKey, ciphertext: Uint8Array): Promise<ArrayBuffer>
}

/** ML-KEM-768 by the platform's WebCrypto, or undefined where it has none; probed by using it, as nothing else tells. */
export async function webcryptoKem(): Promise<MlKem | undefined> {
  const subtle = globalThis.crypto?.subtle as unknown as KemSubtle | undefined
  if (!subtle?.encapsulateBits || !subtle.getPublicKey) return undefined
  const kem: MlKem = {
    name: 'webcrypto',
    encapsulate: (publicKey) => encapsulate(subtle, publicKey),
    importSeed: (seed) => importSeed(subtle, seed),
  }
  try {
    await kem.importSeed(new Uint8Array(64))
    return kem
  } catch {
    return undefined
  }
}

async function encapsulate(subtle: KemSubtle, publicKey: Uint8Array) {
  let key: CryptoKey
  try {
    key = await subtle.importKey('raw-public', publicKey, ALGORITHM, false, ['encapsulateBits'])
  } catch {
    return undefined
  }
  const { sharedKey, ciphertext } = await subtle.encapsulateBits(ALGORITHM, key)
  return { ciphertext: new Uint8Array(ciphertext), sharedSecret: new Uint8Array(sharedKey) }
}

async function importSeed(subtle: KemSubtle, seed: Uint8Array): Promise<MlKemPrivateKey> {
  const key = await subtle.importKey('raw-seed', seed, ALGORITHM, false, ['decapsulateBits'])
  const publicKey = await subtle.getPublicKey(key, ['encapsulateBits'])
  return {
    publicKey: new Uint8Array(await subtle.exportKey('raw-public', publicKey)),
    decapsulate: async (ciphertext) =>
      new Uint8Array(await subtle.decapsulateBits(ALGORITHM, key, ciphertext)),
  }
}
