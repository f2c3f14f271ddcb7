import { hostname } from 'node:os'
import type { Express } from 'express'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import { API_VERSION } from '../shared/format/sealed-secret.ts'
import type { Kube } from '../shared/kube/port.ts'
import { createCache } from './cache.ts'
import { deferred } from './deferred.ts'
import { createEvents, type Events } from './events.ts'
import { createApp } from './http/app.ts'
import { createMetricsApp } from './http/metrics-app.ts'
import { createKeyService, type KeyService } from './keys/service.ts'
import type { Metrics } from './metrics.ts'
import type { SecretRef } from './objects.ts'
import type { Options } from './options.ts'
import { createQueue, type Queue } from './queue.ts'
import type { SealedEntry } from './reconcile/act.ts'
import { createReconciler } from './reconcile/reconcile.ts'
import { followObjects } from './watch.ts'
import type { World } from './world.ts'

export interface Surroundings {
  kube: Kube
  /** The controller's own. */
  namespace: string
  metrics: Metrics
  /** Cuts off requests. */
  cut: AbortSignal
}

/** The parts, put together and at rest. */
export interface Assembly {
  queue: Queue
  events: Events
  keys: KeyService
  app: Express
  metricsApp: Express
  /** Watches, and works when everything is known. Rejects when a part is broken. */
  work(): Promise<void>
}

export async function assemble(options: Options, world: World, around: Surroundings): Promise<Assembly> {
  const { log, signal, random } = world
  const { kube, namespace, metrics, cut } = around
  const holder = options.clusterName || 'default'
  const sealed = createCache<SealedEntry>()
  const secrets = createCache<SecretRef>()
  const events = createEvents({
    ...world,
    kube,
    random: world.randomBytes,
    instance: hostname(),
    signal: cut,
  })
  const disconnected = (resource: string, error: unknown) => {
    metrics.disconnected(resource)
    log.warn({ resource, err: error }, 'lost a watch; trying again')
  }
  const keys = createKeyService({
    ...world,
    ...around,
    kem: await chooseKem(),
    holder,
    disconnected,
    tell: (secret, note) => events.tell({ apiVersion: 'v1', kind: 'Secret' }, secret, note),
    changed: () => reconciler.waitingForKeys().forEach(queue.add),
  })
  const reconciler = createReconciler({
    sources: {
      kube,
      namespace,
      keys: () => keys.keyring.private(),
      signal: cut,
      clock: world.clock,
      opened: metrics.opened,
    },
    targets: { kube, sealed, secrets, signal: cut },
    now: world.now,
    log,
    ended: metrics.reconciled,
    corrected: metrics.corrected,
    tell: (object, note) => events.tell({ apiVersion: API_VERSION, kind: 'SealedSecret' }, object, note),
  })
  const queue = createQueue({
    concurrency: options.concurrency,
    handle: reconciler.reconcile,
    onError: (key, error) => log.error({ key, err: error }, 'a fault of ours; will try again'),
    random,
  })

  let synced = false
  const missing = () => [
    ...(synced ? [] : ['caches are not synced']),
    ...(keys.keyring.newest() ? [] : ['no sealing key']),
  ]
  metrics.measure({
    queue: queue.depth,
    keys: () => keys.keyring.counts(),
    ready: () => missing().length === 0,
  })

  async function work(): Promise<void> {
    const listed = deferred()
    const namespaces = options.watchNamespace.length > 0 ? options.watchNamespace : [undefined]
    const parts = { kube, sealed, secrets, enqueue: queue.add, disconnected, random, signal }
    const following = [keys.follow(), followObjects(namespaces, parts, listed.resolve)]
    // Nothing is worked on before everything is known: without its keys an object would be refused for a moment.
    const starting = Promise.all([listed.promise, keys.ready]).then(() => {
      synced = true
      log.info({ sealedSecrets: sealed.size(), secrets: secrets.size() }, 'ready')
      if (!signal.aborted) queue.start()
    })
    await Promise.all([...following, starting])
  }

  return {
    queue,
    events,
    keys,
    app: createApp({ keys: () => keys.keyring.all(), holder, missing }),
    metricsApp: createMetricsApp(metrics.registry),
    work,
  }
}
