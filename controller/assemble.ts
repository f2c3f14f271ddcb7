import type { RequestListener } from 'node:http'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import { API_VERSION } from '../shared/format/sealed-secret.ts'
import { sleep } from '../shared/kube/abort.ts'
import type { Kube } from '../shared/kube/port.ts'
import { VERSION } from '../shared/version.ts'
import { abandoning } from './abandon.ts'
import type { Audit } from './audit/entry.ts'
import { createKeyAudit } from './audit/keys.ts'
import { createProviderAudit } from './audit/providers.ts'
import { createReconcileAudit } from './audit/reconciles.ts'
import { createCache } from './cache.ts'
import { deferred } from './deferred.ts'
import { createEvents } from './events.ts'
import { createEndpoints } from './http/endpoints.ts'
import { createMetricsApp } from './http/metrics-app.ts'
import { observedHttp } from './http/observed.ts'
import { observedProviders } from './keys/at-rest/observed.ts'
import { providersOf } from './keys/at-rest/providers.ts'
import { createSeeds } from './keys/at-rest/seeds.ts'
import type { Renewal } from './keys/renewal.ts'
import { createKeyService } from './keys/service.ts'
import { fence } from './leader/fence.ts'
import { createLeadership } from './leader/leadership.ts'
import { termsOf } from './leader/lease.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { SecretEntry } from './objects.ts'
import type { Options } from './options.ts'
import { createPulse } from './pulse.ts'
import { createQueue } from './queue.ts'
import { TEXTS } from './reconcile/brief.ts'
import { createReconciler } from './reconcile/reconcile.ts'
import { tracedReconcile } from './tracing/traced.ts'
import type { Tracer } from './tracing/tracer.ts'
import { followObjects, watchLease } from './watch.ts'
import type { World } from './world.ts'

export interface Surroundings {
  kube: Kube
  /** The controller's own. */
  namespace: string
  metrics: Metrics
  /** Absent: nothing is traced. */
  tracer: Tracer | undefined
  /** Which process this is: in its requests, its Events and its Lease. */
  identity: string
  /** Takes what happens for the audit log, if there is one. */
  record?: Audit | undefined
  /** Cuts off requests. */
  cut: AbortSignal
}

/** The parts, put together and at rest. */
export interface Assembly {
  app: RequestListener
  metricsApp: RequestListener
  /** Watches, and works when everything is known. Rejects when a part is broken. */
  work(): Promise<void>
  /** Lets what is being written end, within bounds, and another replica lead. */
  rest(): Promise<void>
}

const renewalOf = ({ keyRenewEvery: everyMs, keyCutoffTime: cutoff }: Options): Renewal => ({
  everyMs,
  ...(cutoff !== undefined && { cutoff }),
})

/** Reconciles under way at the end get this long; the whole end takes at most 5 s. */
const DRAIN_MS = 3_500
const SETTLE_MS = 400

export async function assemble(options: Options, world: World, around: Surroundings): Promise<Assembly> {
  const { log, signal, random } = world
  const { namespace, metrics, tracer, identity, record, cut } = around
  const providers = providersOf(options, `waxwing-controller/${VERSION}`)
  const counted = observedProviders(providers, metrics.providerAsked)
  const seeds = createSeeds(record ? observedProviders(counted, createProviderAudit(record)) : counted)
  const pulse = createPulse(random, world.clock)
  const kube = abandoning(around.kube, pulse)
  const fenced = fence(kube, () => leader.term())
  const holder = options.clusterName || 'default'
  const sealed = createCache(TEXTS)
  const secrets = createCache<SecretEntry>()
  const events = createEvents({
    ...world,
    kube: fenced,
    random: world.randomBytes,
    instance: identity,
    signal: cut,
    dropped: metrics.eventDropped,
  })
  const disconnected = (resource: string, error: unknown) => {
    metrics.disconnected(resource)
    log.warn({ resource, err: error }, 'lost a watch; trying again')
  }
  const kem = await chooseKem()
  const keys = createKeyService({
    ...world,
    ...around,
    kube,
    fenced,
    seeds,
    atRestCheckMs: options.atRestCheck * 1000,
    kem,
    holder,
    counter: options.leaseName,
    renewal: renewalOf(options),
    pulse,
    disconnected,
    rewatched: metrics.rewatched,
    tell: (secret, note) => events.tell({ apiVersion: 'v1', kind: 'Secret' }, secret, note),
    audit: record && createKeyAudit(record),
    changed: () => reconciler.waitingForKeys().forEach(queue.add),
  })
  const reconciler = createReconciler({
    sources: {
      kube,
      namespace,
      keys: () => keys.keyring.private(),
      signal: cut,
      clock: world.clock,
      opened: metrics.unsealed,
    },
    targets: { kube: fenced, sealed, secrets, signal: cut },
    now: world.now,
    log,
    ended: metrics.reconciled,
    corrected: metrics.corrected,
    tell: (object, note) => events.tell({ apiVersion: API_VERSION, kind: 'SealedSecret' }, object, note),
    audit: record && createReconcileAudit(record, (id) => keys.keyring.private().has(id)),
  })
  const queue = createQueue({
    concurrency: options.concurrency,
    handle: tracer ? tracedReconcile(tracer, reconciler.reconcile, sealed.get) : reconciler.reconcile,
    onError: (key, error) => log.error({ key, err: error }, 'a fault of ours; will try again'),
    random,
    pulse,
    timing: { clock: world.clock, waited: metrics.waited, worked: metrics.worked },
  })

  let synced = false
  const missing = () => [...(synced ? [] : ['caches are not synced']), ...keys.missing()]
  metrics.measure({
    queue: queue.depth,
    keys: () => keys.keyring.counts(),
    created: () => keys.keyring.all().map(({ public: key }) => key),
    keyObjects: keys.usage,
    ready: () => missing().length === 0,
    leading: () => leader.term() !== undefined,
  })

  const secretsListed = deferred()
  const allListed = deferred()
  const workable = Promise.all([secretsListed.promise, keys.listed])
  const known = Promise.all([allListed.promise.then(keys.counted), workable])
  const lease = { namespace, name: options.leaseName }
  const leader = createLeadership({
    ...world,
    kube: around.kube,
    id: lease,
    me: identity,
    terms: termsOf(options.leaseDuration),
    pulse,
    gained({ signal: term }) {
      metrics.leads()
      void lead(term)
    },
    renewed: () => metrics.leaseRenewed(world.now()),
    lost() {
      void queue.stop()
      void keys.rest()
    },
  })

  /**
   * Nothing is worked on before the keys and Secrets are known: an object would be refused for a moment, or its Secret made a
   * second time. Other objects may still be on their way.
   */
  async function lead(term: AbortSignal): Promise<void> {
    const start = () => {
      if (keys.keyring.newest() && !term.aborted && !signal.aborted) queue.start()
    }
    await workable
    start()
    await known
    await keys.lead(term)
    start()
  }

  async function work(): Promise<void> {
    const namespaces = options.watchNamespace.length > 0 ? options.watchNamespace : [undefined]
    const { selector } = options
    const parts = {
      kube,
      selector,
      sealed,
      secrets,
      seen: keys.see,
      enqueue: queue.add,
      disconnected,
      rewatched: metrics.rewatched,
      random,
      pulse,
      signal,
    }
    const syncing = known.then(() => {
      synced = true
      log.info({ sealedSecrets: sealed.size(), secrets: secrets.size() }, 'caches are synced')
    })
    endpoints.look()
    const following = [
      keys.follow(),
      followObjects(namespaces, parts, { secrets: secretsListed.resolve, all: allListed.resolve }),
    ]
    await Promise.all([...following, leader.stand(watchLease(parts, lease)), syncing])
  }

  async function rest(): Promise<void> {
    await Promise.race([Promise.all([queue.stop(), keys.rest()]), sleep(DRAIN_MS)])
    await Promise.race([events.settle(), sleep(SETTLE_MS)])
    await leader.release()
    seeds.close()
  }

  const endpoints = createEndpoints(world, {
    kube,
    signal: cut,
    keyring: keys.keyring,
    usage: keys.usage,
    counter: options.leaseName,
    kem,
    namespace,
    holder,
    missing,
    record,
    ...options,
  })

  return {
    app: observedHttp(endpoints.app, metrics.served),
    metricsApp: createMetricsApp(metrics.registry),
    work,
    rest,
  }
}
