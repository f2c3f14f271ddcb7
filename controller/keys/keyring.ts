import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { PrivateKeys } from '../../shared/format/unseal.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { SecretObject } from '../objects.ts'
import { type KeyReading, type LoadedKey, readKeySecret } from './key-secret.ts'

/** The sealing keys at hand, as the key Secrets have them. */
export interface Keyring {
  /** What opens: active keys and retired ones. */
  private(): PrivateKeys
  /** The newest active key first, then the others by age. */
  all(): readonly LoadedKey[]
  /** The one to seal to. */
  newest(): LoadedKey | undefined
  upsert(secret: SecretObject): Promise<KeyReading>
  remove(name: string): void
  /** Key Secrets by what they are, for the metrics. */
  counts(): Record<'active' | 'retired' | 'wrapped' | 'malformed', number>
}

/** `changed`: the keys that open, or that people are to seal to, are others than before. */
export function createKeyring(kem: MlKem, changed: () => void): Keyring {
  const readings = new Map<string, { version: string | undefined; reading: KeyReading }>()
  let keys: readonly LoadedKey[] = []
  let opening: PrivateKeys = new Map()

  function refresh(): void {
    const before = fingerprint(keys)
    keys = [...readings.values()]
      .flatMap(({ reading }) => (reading.kind === 'key' ? [reading.key] : []))
      .sort(newestFirst)
    opening = new Map(keys.map((key) => [key.public.id, key.private]))
    if (fingerprint(keys) !== before) changed()
  }

  return {
    private: () => opening,
    all: () => keys,
    newest: () => keys.find(({ state }) => state === 'active'),
    async upsert(secret) {
      const { name, resourceVersion: version } = secret.metadata
      const held = readings.get(name)
      if (held && version !== undefined && held.version === version) return held.reading
      const reading = await readKeySecret(kem, secret)
      readings.set(name, { version, reading })
      refresh()
      return reading
    },
    remove(name) {
      if (readings.delete(name)) refresh()
    },
    counts() {
      const counts = { active: 0, retired: 0, wrapped: 0, malformed: 0 }
      for (const { reading } of readings.values())
        counts[reading.kind === 'key' ? reading.key.state : reading.kind] += 1
      return counts
    },
  }
}

function newestFirst(a: LoadedKey, b: LoadedKey): number {
  if (a.state !== b.state) return a.state === 'active' ? -1 : 1
  const age = Date.parse(b.public.notBefore) - Date.parse(a.public.notBefore)
  return age || (a.name < b.name ? -1 : 1)
}

const fingerprint = (keys: readonly LoadedKey[]): string =>
  keys
    .map(({ state, public: { id, holder, notBefore, notAfter } }) =>
      [state, id, holder, notBefore, notAfter].join(' '),
    )
    .join()

/** Which Secrets of the controller's namespace hold keys. */
export const keySelection = (namespace: string) => ({ namespace, labelSelector: KEY_LABEL })
