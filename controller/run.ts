import { hostname } from 'node:os'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import type { Random } from '../shared/crypto/xwing.ts'
import { API_VERSION } from '../shared/format/sealed-secret.ts'
import { onAbort, sleep } from '../shared/kube/abort.ts'
import { connect } from '../shared/kube/client.ts'
import { loadConnection } from '../shared/kube/config.ts'
import type { Kube } from '../shared/kube/port.ts'
import { VERSION } from '../shared/version.ts'
import { createCache } from './cache.ts'
import { deferred } from './deferred.ts'
import { createEvents } from './events.ts'
import { createApp } from './http/app.ts'
import { createMetricsApp } from './http/metrics-app.ts'
import { listen } from './http/server.ts'
import { createKeyService } from './keys/service.ts'
import type { Log } from './log.ts'
import { countWrites, createMetrics } from './metrics.ts'
import type { SecretRef } from './objects.ts'
import type { Options } from './options.ts'
import { createQueue } from './queue.ts'
import type { SealedEntry } from './reconcile/act.ts'
import { createReconciler } from './reconcile/reconcile.ts'
import { followObjects } from './watch.ts'

/** What only the outermost file may reach for. */
export interface World {
  log: Log
  /** Begins the end. */
  signal: AbortSignal
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds that never go back. */
  clock: () => number
  /** For jitter. */
  random: () => number
  /** For keys. */
  randomBytes: Random
}

const DEFAULT_NAMESPACE = 'waxwing-system'
/** Reconciles under way at the end get this long; the whole end takes at most 5 s. */
const DRAIN_MS = 4_000
const SETTLE_MS = 400

/** The controller, from start to a clean end; rejects if a part of it fails for good. */
export async function run(options: Options, world: World): Promise<void> {
  const { log, signal } = world
  const connection = await loadConnection({ kubeconfig: options.kubeconfig })
  const inPod = !options.kubeconfig && process.env.KUBERNETES_SERVICE_HOST !== undefined
  const namespace = options.namespace || (inPod && connection.namespace) || DEFAULT_NAMESPACE
  const metrics = createMetrics()
  const client = connect(connection, { userAgent: `waxwing-controller/${VERSION}` })
  const kube = countWrites(client, metrics.wrote)
  try {
    log.info({ version: VERSION, namespace, server: connection.server }, 'starting')
    await serve(options, world, { kube, namespace, metrics })
  } finally {
    kube.close()
  }
  log.debug({ aborted: signal.aborted }, 'all ended')
}

interface Base {
  kube: Kube
  namespace: string
  metrics: ReturnType<typeof createMetrics>
}

async function serve(options: Options, world: World, { kube, namespace, metrics }: Base): Promise<void> {
  const { log, signal, now, clock, random, randomBytes } = world
  /** Cuts off what is under way; `signal` only lets nothing new begin. */
  const cut = new AbortController()
  const sealed = createCache<SealedEntry>()
  const secrets = createCache<SecretRef>()
  const events = createEvents({
    kube,
    log,
    now,
    random: randomBytes,
    instance: hostname(),
    signal: cut.signal,
  })
  const disconnected = (resource: string, error: unknown) => {
    metrics.disconnected(resource)
    log.warn({ resource, err: error }, 'lost a watch; trying again')
  }
  const keys = createKeyService({
    kube,
    kem: await chooseKem(),
    namespace,
    holder: options.clusterName || 'default',
    log,
    now,
    random,
    randomBytes,
    signal,
    cut: cut.signal,
    disconnected,
    tell: (secret, note) => events.tell({ apiVersion: 'v1', kind: 'Secret' }, secret, note),
    changed: () => reconciler.waitingForKeys().forEach(queue.add),
  })
  const reconciler = createReconciler({
    sources: {
      kube,
      namespace,
      keys: () => keys.keyring.private(),
      signal: cut.signal,
      clock,
      opened: metrics.opened,
    },
    targets: { kube, sealed, secrets, signal: cut.signal },
    now,
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
  const app = createApp({ keys: () => keys.keyring.all(), holder: options.clusterName || 'default', missing })
  const servers = await Promise.all([
    listen(app, options.listen),
    listen(createMetricsApp(metrics.registry), options.metricsListen),
  ])
  log.info({ listen: servers[0].address, metrics: servers[1].address }, 'listening')

  const objectsSynced = deferred()
  const namespaces = options.watchNamespace.length > 0 ? options.watchNamespace : [undefined]
  const watching = followObjects(
    namespaces,
    { kube, sealed, secrets, enqueue: queue.add, disconnected, random, signal },
    objectsSynced.resolve,
  )
  const starting = Promise.all([objectsSynced.promise, keys.ready]).then(() => {
    synced = true
    log.info({ sealedSecrets: sealed.size(), secrets: secrets.size() }, 'ready')
    if (!signal.aborted) queue.start()
  })

  try {
    const ended = new Promise<void>((resolve) => onAbort(signal, () => resolve()))
    const broken = Promise.all([watching, keys.following, starting]).then(() => ended)
    if (!signal.aborted) await Promise.race([ended, broken])
  } finally {
    await Promise.race([queue.stop(), sleep(DRAIN_MS)])
    await Promise.race([events.settle(), sleep(SETTLE_MS)])
    cut.abort()
    await Promise.all([keys.stop(), ...servers.map((server) => server.close())])
  }
}
