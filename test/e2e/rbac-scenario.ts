import { load } from 'js-yaml'
import { storePlain } from '../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../controller/keys/key-secret.ts'
import type { SealedObject, SecretObject } from '../../controller/objects.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { KEY_CONFIG_MAP, readConfigMap } from '../../shared/keys/key-config-map.ts'
import { AT_REST_ANNOTATION, REWRAP_ANNOTATION } from '../../shared/keys/labels.ts'
import { readSealingKey, sealingKeyObject } from '../../shared/keys/public.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import type { Kube, KubeObject, ObjectId } from '../../shared/kube/port.ts'
import {
  CONFIG_MAPS,
  EVENTS,
  LEASES,
  SEALED_SECRETS,
  SEALING_KEYS,
  SECRETS,
} from '../../shared/kube/resources.ts'
import { find, put, seal, values } from '../contract/controller-site.ts'
import type { Controller } from '../support/programs.ts'

// One short life of a controller that uses each of its rights, as steps by whose names a missing right is noticed.

export interface Scene {
  /** The admin's. */
  kube: Kube
  controller: Controller
  /** Where the controller lives, and the name of its Lease. */
  home: string
  /** The namespace that it serves. */
  served: string
  /** Whether a ConfigMap stands in for SealingKeys. */
  map: boolean
}

type Event = KubeObject & { reason: string }
/** A published key, out of a SealingKey or the ConfigMap. */
interface Published {
  holder?: string
  counted: boolean
}

const STEPS = [
  'leads',
  'makes a key',
  'loses no watch',
  'publishes it',
  'says how many objects need it',
  'takes away what stood in for it',
  'syncs an object',
  'syncs a large object',
  'says so in its status',
  'puts back what was changed',
  'makes again what was deleted',
  'tells of it',
  'replaces a Secret of another type',
  'puts keys into the Secret of another',
  'corrects what is published',
  'takes back what is deleted',
  'stores a key anew when asked',
  'tells of a malformed key',
  'gives up its lease',
] as const
export type Step = (typeof STEPS)[number]

/** How long a step may take, and how long after the server has refused something. */
const PATIENCE_MS = 15_000
const REFUSED_MS = 1_500

/** Goes through the steps; gives the first that fails, or undefined. */
export async function firstFailure(scene: Scene): Promise<Step | undefined> {
  const acts = actsOf(scene)
  for (const step of STEPS) if (!(await succeeds(scene, acts[step]))) return step
  return undefined
}

async function succeeds({ controller }: Scene, act: () => Promise<() => Promise<unknown>>): Promise<boolean> {
  const look = await act()
  let refusedAt = 0
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (await look()) return true
    if (/: 403 Forbidden/.test(controller.log())) refusedAt ||= Date.now()
    if (refusedAt > 0 && Date.now() > refusedAt + REFUSED_MS) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

/** Each step does something and gives what to look for. */
function actsOf({
  kube,
  controller,
  home,
  served,
  map,
}: Scene): Record<Step, () => Promise<() => Promise<unknown>>> {
  const id = (name: string): ObjectId => ({ namespace: served, name })
  const metricsUrl = () => /"metrics":"([^"]+)"/.exec(controller.log())?.[1]
  const metrics = async () => (await fetch(`http://${metricsUrl()}/metrics`)).text()
  const secretOf = (name: string) => find<SecretObject>(kube, SECRETS, name, served)
  const ownKey = async () => {
    const secret = await find<SecretObject>(kube, SECRETS, 'waxwing-key-1', home)
    return readSealingKey(load(Buffer.from(secret?.data?.public ?? '', 'base64').toString()))
  }
  const apply = async (name: string, data: Record<string, string>, template?: Record<string, unknown>) =>
    put(kube, await seal(await ownKey(), data, { name, namespace: served, ...(template && { template }) }))
  const event = (namespace: string, reason: string) => async () =>
    (await kube.list<Event>(EVENTS, { namespace })).items.some((item) => item.reason === reason)
  const nothing = async () => undefined
  const published = async (name: string): Promise<Published | undefined> => {
    if (map) {
      const object = await find<KubeObject & { data?: Record<string, string> }>(
        kube,
        CONFIG_MAPS,
        KEY_CONFIG_MAP,
        home,
      )
      const found = readConfigMap(object?.data ?? {}).find(({ key }) => key.id === name)
      return found && { holder: found.key.holder, counted: found.usage !== undefined }
    }
    type Object = KubeObject & { spec?: { holder?: string }; status?: { usage?: Record<string, unknown> } }
    const found = await find<Object>(kube, SEALING_KEYS, name)
    const { holder } = found?.spec ?? {}
    return found && { ...(holder && { holder }), counted: found.status?.usage?.[home] !== undefined }
  }
  const secondKey = async () => {
    const kem = await chooseKem()
    const seed = new Uint8Array(Buffer.from(home.padEnd(32).slice(0, 32)))
    return { kem, seed, ...(await openSeed(kem, seed, 'second')) }
  }

  return {
    leads: async () => async () => metricsUrl() !== undefined && /^waxwing_leader 1$/m.test(await metrics()),
    'makes a key': async () => () => find(kube, SECRETS, 'waxwing-key-1', home),
    'publishes it': async () => {
      const { id: name } = await ownKey()
      return () => published(name)
    },
    'takes away what stood in for it': async () => async () =>
      map || (await find(kube, CONFIG_MAPS, KEY_CONFIG_MAP, home)) === undefined,
    'says how many objects need it': async () => {
      const { id: name } = await ownKey()
      return async () => (await published(name))?.counted
    },
    'syncs an object': async () => {
      await apply('db', { a: '1' })
      return () => secretOf('db')
    },
    'syncs a large object': async () => {
      await apply('large', { a: 'x'.repeat(4000) })
      return () => secretOf('large')
    },
    'says so in its status': async () => async () =>
      (await find<SealedObject>(kube, SEALED_SECRETS, 'db', served))?.status?.conditions?.[0]?.status ===
      'True',
    'puts back what was changed': async () => {
      await kube.mergePatch(SECRETS, id('db'), { data: { a: 'eA==' } })
      return async () => (await values(kube, 'db', served)).a === '1'
    },
    'makes again what was deleted': async () => {
      await kube.delete(SECRETS, id('db'))
      return () => secretOf('db')
    },
    'tells of it': async () => event(served, 'SecretRecreated'),
    'replaces a Secret of another type': async () => {
      await apply('db', { a: '1' }, { type: 'example.com/x' })
      return async () => (await secretOf('db'))?.type === 'example.com/x'
    },
    'puts keys into the Secret of another': async () => {
      const annotations = { 'waxwing.dev/patch': 'true' }
      await kube.create(SECRETS, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...id('theirs'), annotations },
      })
      await apply('theirs', { a: '1' })
      return async () => (await values(kube, 'theirs', served)).a === '1'
    },
    'corrects what is published': async () => {
      const { kem, seed, id: name, key } = await secondKey()
      const about = {
        id: name,
        holder: 'wrong',
        publicKey: key.publicKey,
        notBefore: '2020-01-01T00:00:00Z',
        notAfter: '2020-02-01T00:00:00Z',
      }
      if (!map) await kube.create(SEALING_KEYS, sealingKeyObject(about, name) as unknown as KubeObject)
      await kube.create(
        SECRETS,
        await newKeySecret(
          kem,
          { name: 'second', namespace: home, holder: 'x', seed, now: 1e12 },
          storePlain,
        ),
      )
      return async () => (await published(name))?.holder === 'default'
    },
    'takes back what is deleted': async () => {
      const { id: name } = await secondKey()
      await kube.delete(SECRETS, { name: 'second', namespace: home })
      return async () => !(await published(name))
    },
    'stores a key anew when asked': async () => {
      const name = { namespace: home, name: 'waxwing-key-1' }
      await kube.mergePatch(SECRETS, name, { metadata: { annotations: { [REWRAP_ANNOTATION]: 'now' } } })
      return async () => {
        const { annotations = {} } = (await kube.get(SECRETS, name)).metadata
        return annotations[REWRAP_ANNOTATION] === undefined && annotations[AT_REST_ANNOTATION] === 'plain'
      }
    },
    'tells of a malformed key': async () => {
      const labels = { 'waxwing.dev/sealing-key': 'active' }
      await kube.create(SECRETS, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'bad', namespace: home, labels },
      })
      return event(home, 'MalformedSealingKey')
    },
    'loses no watch': async () => {
      // A watch that is refused shows at once; of a good one nothing shows.
      await new Promise((resolve) => setTimeout(resolve, 700))
      return async () => !(await metrics()).includes('waxwing_watch_failures_total{')
    },
    'gives up its lease': async () => {
      await controller.end('SIGTERM')
      const lease = await find<KubeObject & { spec?: { holderIdentity?: string } }>(kube, LEASES, home, home)
      const released = lease !== undefined && !lease.spec?.holderIdentity
      return released ? async () => true : nothing
    },
  }
}
