import { SCRYPT } from '../../shared/keys/backup/archive.ts'

/** What it needs is 128 · N · r bytes, and a little. */
const MAX_BYTES = 2 * 128 * SCRYPT.N * SCRYPT.r

/** Half a second and 128 MiB, on purpose. */
export const stretch = (passphrase: Uint8Array, salt: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    process
      .getBuiltinModule('node:crypto')
      .scrypt(passphrase, salt, 32, { ...SCRYPT, maxmem: MAX_BYTES }, (error, key) =>
        error ? reject(error) : resolve(new Uint8Array(key)),
      )
  })
