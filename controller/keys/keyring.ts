import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { PrivateKeys } from '../../shared/format/unseal.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import type { SecretObject } from '../objects.ts'
import type { OpenSeed } from './at-rest/seeds.ts'
import { type KeyReading, type LoadedKey, readKeySecret } from './key-secret.ts'

/** The sealing keys at hand, as the key Secrets have them. */
export interface Keyring {
  /** What opens: active keys and retired ones. */
  private(): PrivateKeys
  /** The newest active key first, then the others by age. */
  all(): readonly LoadedKey[]
  /** The one to seal to. */
  newest(): LoadedKey | undefined
  /** As `all`, for whom public parts will do: while no active key is open, those that are still wrapped are among them. */
  shown(): readonly PublicKey[]
  upsert(secret: SecretObject): Promise<KeyReading>
  remove(name: string): void
  /** Key Secrets by what they are, for the metrics. */
  counts(): Record<'active' | 'retired' | 'wrapped' | 'malformed', number>
}

/** What a key Secret says of its key to everybody. */
export type PublicKey = Omit<LoadedKey, 'private'>

/** `changed`: the keys that open, or that people are to seal to, are others than before. */
export function createKeyring(kem: MlKem, open: OpenSeed, changed: () => void): Keyring {
  const readings = new Map<string, { version: string | undefined; reading: KeyReading }>()
  /** The latest reading of each that has begun: one that waits for a provider may be overtaken. */
  const turns = new Map<string, object>()
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
    shown() {
      if (keys[0]?.state === 'active') return keys
      const wrapped = [...readings].flatMap(([name, { reading }]) =>
        reading.kind === 'wrapped' ? [{ name, state: reading.state, public: reading.public }] : [],
      )
      return [...keys, ...wrapped].sort(newestFirst)
    },
    async upsert(secret) {
      const { name, resourceVersion: version } = secret.metadata
      const held = readings.get(name)
      if (held && version !== undefined && held.version === version && held.reading.kind !== 'wrapped')
        return held.reading
      const turn = {}
      turns.set(name, turn)
      const reading = await readKeySecret(kem, secret, open)
      if (turns.get(name) !== turn) return reading
      readings.set(name, { version, reading })
      refresh()
      return reading
    },
    remove(name) {
      turns.delete(name)
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

function newestFirst(a: PublicKey, b: PublicKey): number {
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
