import { hostname } from 'node:os'
import { onAbort } from '../shared/kube/abort.ts'
import { connect } from '../shared/kube/client.ts'
import { loadConnection } from '../shared/kube/config.ts'
import { VERSION } from '../shared/version.ts'
import { type Assembly, assemble } from './assemble.ts'
import { createRecorder } from './audit/recorder.ts'
import { listen } from './http/server.ts'
import { followPair, readPair, TlsError, type TlsFiles } from './http/tls.ts'
import { createMetrics } from './metrics/metrics.ts'
import type { Options } from './options.ts'
import { startTracing } from './tracing/start.ts'
import { traced } from './tracing/traced.ts'
import type { World } from './world.ts'

const DEFAULT_NAMESPACE = 'waxwing-system'

/** The controller, from start to a clean end; rejects if a part of it fails for good. */
export async function run(options: Options, world: World): Promise<void> {
  const { log, signal } = world
  const connection = await loadConnection({ kubeconfig: options.kubeconfig })
  const inPod = !options.kubeconfig && process.env.KUBERNETES_SERVICE_HOST !== undefined
  const namespace = options.namespace || (inPod && connection.namespace) || DEFAULT_NAMESPACE
  // Never used twice: a container that starts again in its pod is another candidate.
  const identity = `${hostname()}_${Buffer.from(world.randomBytes(4)).toString('hex')}`.replace(
    /[^\w.-]/g,
    '-',
  )
  const tracer = await startTracing(process.env, { log, instance: identity })
  const metrics = tracer ? traced(createMetrics(), tracer) : createMetrics()
  const userAgent = `waxwing-controller/${VERSION} ${identity}`
  const kube = connect(connection, { userAgent, observe: metrics.requested })
  const { audit } = world
  const recorder =
    audit && createRecorder({ ...world, writer: audit, instance: identity, counted: metrics.audited })
  // An end that comes at once, too, writes what waits.
  if (recorder) process.once('exit', recorder.close)
  /** Cuts off what is under way; `signal` only lets nothing new begin. */
  const cut = new AbortController()
  log.info({ version: VERSION, namespace, server: connection.server }, 'starting')
  try {
    const assembly = await assemble(options, world, {
      kube,
      namespace,
      metrics,
      tracer,
      identity,
      record: recorder?.record,
      cut: cut.signal,
    })
    await serve(assembly, options, world, { cut, last: tracer?.close })
  } finally {
    cut.abort()
    kube.close()
    if (recorder) {
      // What was cut off is told within this turn.
      await new Promise(setImmediate)
      recorder.close()
      process.off('exit', recorder.close)
    }
  }
  log.debug({ aborted: signal.aborted }, 'all ended')
}

function tlsFiles({ tlsCert: cert, tlsKey: key }: Options): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (!cert || !key) throw new TlsError('--tls-cert and --tls-key go together')
  return { cert, key }
}

async function serve(
  assembly: Assembly,
  options: Options,
  world: World,
  { cut, last = async () => undefined }: { cut: AbortController; last: (() => Promise<void>) | undefined },
): Promise<void> {
  const { log, signal } = world
  const files = tlsFiles(options)
  const pair = files && (await readPair(files))
  const servers = await Promise.all([
    listen(assembly.app, options.listen, pair),
    listen(assembly.metricsApp, options.metricsListen),
  ])
  if (files && pair) followPair(files, pair, { use: servers[0].renew, log, signal: cut.signal })
  log.info({ listen: servers[0].address, metrics: servers[1].address }, 'listening')
  try {
    const ended = new Promise<void>((resolve) => onAbort(signal, () => resolve()))
    // Ends normally only with the signal; a failure in any part ends the whole.
    if (!signal.aborted) await Promise.race([ended, assembly.work().then(() => ended)])
  } finally {
    await assembly.rest()
    cut.abort()
    await Promise.all([...servers.map((server) => server.close()), last()])
  }
}
