import type { MlKem } from '../../shared/crypto/kem/types.ts'

/**
 * A KEM that decapsulates each ciphertext once. For tests that open thousands of objects with few ciphertexts, where the
 * portable KEM would take most of the time; a ciphertext that was altered is another one, and decapsulated as ever.
 */
export const remembering = (kem: MlKem): MlKem => ({
  ...kem,
  async importSeed(seed) {
    const { publicKey, decapsulate } = await kem.importSeed(seed)
    const secrets = new Map<string, Uint8Array>()
    return {
      publicKey,
      async decapsulate(ciphertext) {
        const at = Buffer.from(ciphertext).toString('latin1')
        const secret = secrets.get(at) ?? (await decapsulate(ciphertext))
        secrets.set(at, secret)
        return secret.slice()
      },
    }
  },
})
