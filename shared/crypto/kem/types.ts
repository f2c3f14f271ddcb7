export interface Encapsulation {
  ciphertext: Uint8Array
  sharedSecret: Uint8Array
}

export interface MlKemPrivateKey {
  /** The encapsulation key, 1,184 bytes. */
  readonly publicKey: Uint8Array
  /** 1,088 bytes in, 32 out; never fails for a ciphertext of that length (FIPS 203 §7.3, implicit rejection). */
  decapsulate(ciphertext: Uint8Array): Promise<Uint8Array>
}

/** ML-KEM-768, FIPS 203. Asynchronous because WebCrypto is. */
export interface MlKem {
  readonly name: 'node:crypto' | 'webcrypto' | 'noble'
  /** undefined where the key fails the encapsulation key check (FIPS 203 §7.2: length and modulus). */
  encapsulate(publicKey: Uint8Array): Promise<Encapsulation | undefined>
  /** From the 64-byte seed d ‖ z. */
  importSeed(seed: Uint8Array): Promise<MlKemPrivateKey>
}

export const PUBLIC_KEY_BYTES = 1184
export const CIPHERTEXT_BYTES = 1088
export const SEED_BYTES = 64

/** OpenSSL answers a ciphertext of a wrong length with a secret, as if it were only a wrong one. */
export function checkLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`an ML-KEM-768 ${what} has ${length} bytes`)
}
