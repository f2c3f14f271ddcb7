import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { MlKem } from './types.ts'

/** ML-KEM-768 in JavaScript, for runtimes that have none of their own. Heavy to load: imported by `choose` alone. */
export const noble: MlKem = {
  name: 'noble',
  async encapsulate(publicKey) {
    try {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey)
      return { ciphertext: cipherText, sharedSecret }
    } catch {
      return undefined
    }
  },
  async importSeed(seed) {
    const { publicKey, secretKey } = ml_kem768.keygen(seed)
    return { publicKey, decapsulate: async (ciphertext) => ml_kem768.decapsulate(ciphertext, secretKey) }
  },
}
