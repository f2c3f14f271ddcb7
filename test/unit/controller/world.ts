import type { Entry } from '../../../controller/audit/entry.ts'
import { createReconcileAudit } from '../../../controller/audit/reconciles.ts'
import { createCache } from '../../../controller/cache.ts'
import type { Log } from '../../../controller/log.ts'
import { keyOf, type SealedObject, type SecretEntry, secretEntry } from '../../../controller/objects.ts'
import { type SealedEntry, sealedEntry } from '../../../controller/reconcile/brief.ts'
import { createReconciler } from '../../../controller/reconcile/reconcile.ts'
import type { Note } from '../../../controller/reconcile/transition.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { sealedSecretObject } from '../../../shared/format/write.ts'
import type { PrivateKey } from '../../../shared/keys/seed.ts'
import { SEALED_SECRETS, SECRETS } from '../../../shared/kube/resources.ts'
import { asKeys, sealObject, seededRandom, testKeys } from '../../support/objects.ts'
import { createFakeKube, type FakeKube } from './fake-kube.ts'

export interface Line {
  level: string
  fields: object
  message: string
}

export function memoryLog(): Log & { lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

const kem = await chooseKem()
export const [ourKey, otherKey] = (await testKeys(kem, 2)) as [PrivateKey, PrivateKey]

let seed = 1

/** A SealedSecret as a user applies it. */
export async function sealed(
  values: Record<string, string | Uint8Array>,
  {
    key = ourKey,
    name = 'db',
    namespace = 'shop',
    template = undefined as unknown,
    annotations = undefined as Record<string, string> | undefined,
  } = {},
): Promise<SealedObject> {
  const bytes = new Map(Object.entries(values).map(([k, v]) => [k, new Uint8Array(Buffer.from(v))]))
  const made = await sealObject(kem, [key], bytes, seededRandom(seed++), { name, namespace })
  const object = sealedSecretObject(made) as unknown as SealedObject & { spec: Record<string, unknown> }
  if (annotations) object.metadata.annotations = { ...object.metadata.annotations, ...annotations }
  if (template !== undefined) object.spec.template = template
  return object
}

/** A reconciler over a fake server, with caches that the test fills by `watch`, when it likes. */
export function reconcilerWorld(kube: FakeKube = createFakeKube()) {
  const sealedCache = createCache<SealedEntry>()
  const secrets = createCache<SecretEntry>()
  const notes: Note[] = []
  const ended: string[] = []
  const log = memoryLog()
  const cut = new AbortController()
  const world = {
    kube,
    notes,
    ended,
    log,
    cut,
    sealed: sealedCache,
    secrets,
    now: Date.parse('2026-11-24T00:00:00Z'),
    keys: asKeys(ourKey),
    corrections: [] as string[][],
    /** What the audit log says. */
    entries: [] as Entry[],
    clock: 0,
    /** Tells the caches what the server has now. To be called between two writes: a watch leaves no version out. */
    watch(name = 'db', namespace = 'shop') {
      const id = { name, namespace }
      const object = kube.find<SealedObject>(SEALED_SECRETS, id)
      const secret = kube.find(SECRETS, id)
      if (object) sealedCache.apply({ type: 'upsert', object }, sealedEntry(object))
      else sealedCache.apply({ type: 'delete', id })
      if (secret?.metadata.labels?.['waxwing.dev/managed-by'] === 'waxwing')
        secrets.apply({ type: 'upsert', object: secret }, secretEntry(secret))
      else secrets.apply({ type: 'delete', id })
    },
    async reconcile(name = 'db', attempt = 1) {
      return reconciler.reconcile(keyOf({ namespace: 'shop', name }), attempt)
    },
    waiting: () => reconciler.waitingForKeys(),
  }
  const reconciler = createReconciler({
    sources: {
      kube,
      namespace: 'waxwing-system',
      keys: () => world.keys,
      signal: cut.signal,
      clock: () => world.clock,
      opened: () => undefined,
    },
    targets: { kube, sealed: sealedCache, secrets, signal: cut.signal },
    now: () => world.now,
    log,
    ended: (result) => ended.push(result),
    corrected: (editors) => void world.corrections.push([...editors]),
    tell: (_object, note) => notes.push(note),
    audit: createReconcileAudit(
      (entry) => void world.entries.push(entry),
      (id) => world.keys.has(id),
    ),
  })
  return world
}
