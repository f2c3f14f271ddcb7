import { noble } from '../../shared/crypto/kem/noble.ts'
import { nodeKem } from '../../shared/crypto/kem/node.ts'
import type { MlKem } from '../../shared/crypto/kem/types.ts'
import { webcryptoKem } from '../../shared/crypto/kem/webcrypto.ts'

/** Every ML-KEM provider of the runtime that runs the tests. */
export const providers: MlKem[] = [nodeKem(), await webcryptoKem(), noble].filter((kem) => kem !== undefined)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isBun = 'bun' in process.versions

/** Which providers this runtime is known to have, so that a missing one is a failure and not a quiet skip. */
export const expectedProviders: string[] = isBun
  ? ['webcrypto', 'noble']
  : major > 24 || (major === 24 && minor >= 7)
    ? ['node:crypto', 'webcrypto', 'noble']
    : ['noble']
