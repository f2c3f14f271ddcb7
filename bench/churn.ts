// How long a change takes among many objects: each second one SealedSecret gets new values, and the clock runs from
// sending it to the event that shows them in its Secret.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SecretObject } from '../controller/objects.ts'
import { SEALED_SECRETS, SECRETS } from '../shared/kube/resources.ts'
import { benchName, fill, startBenchCluster, syncAll } from './support/cluster.ts'
import { startController, untilServing } from './support/controller.ts'
import { print } from './support/figures.ts'
import { cpuSeconds } from './support/process.ts'
import { sealedSecret, someValues } from './support/sealed.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    changes: { type: 'string', default: '100' },
    every: { type: 'string', default: '1000' },
  },
})
const [count, changes, every] = [Number(values.count), Number(values.changes), Number(values.every)]
const MOST_MS = 250
const namespace = 'all'

const cluster = await startBenchCluster([namespace])
const { plane, kube, sealingKey } = cluster
const flags = ['--watch-namespace', namespace]
/** By the password that a Secret is to have: what to call when it has it. */
const awaited = new Map<string, () => void>()
const stop = new AbortController()

try {
  await fill(cluster, namespace, count)
  await syncAll(cluster, namespace, count, flags)
  const controller = startController(plane.kubeconfig, join(plane.dir, 'controller.log'), flags)
  await untilServing(controller)
  const { resourceVersion } = await kube.list(SECRETS, { namespace })
  void follow(resourceVersion)
  const times: number[] = []
  for (let i = 0; i < changes; i += 1) {
    const pause = new Promise((resolve) => setTimeout(resolve, every))
    times.push(await change(benchName((i * 7919) % count)))
    await pause
  }
  const cpu = cpuSeconds(controller.pid)
  await controller.end()
  report(times.sort((a, b) => a - b))
  console.log(`${'the controller'.padEnd(26)}${cpu.toFixed(2)} s of CPU, its start included`)
} finally {
  stop.abort()
  kube.close()
  await plane.stop()
}

async function follow(from: string): Promise<void> {
  let resourceVersion = from
  while (!stop.signal.aborted)
    try {
      const selection = { namespace, resourceVersion }
      for await (const event of kube.watch<SecretObject>(SECRETS, selection, { signal: stop.signal })) {
        if (event.type === 'BOOKMARK') continue
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion
        awaited.get(event.object.data?.password ?? '')?.()
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error
    }
}

async function change(name: string): Promise<number> {
  const fresh = someValues()
  const { spec } = (await sealedSecret(sealingKey, namespace, name, fresh)) as unknown as { spec: object }
  const password = Buffer.from(fresh.get('password') ?? []).toString('base64')
  const seen = new Promise<void>((resolve) => awaited.set(password, resolve))
  const start = performance.now()
  await kube.mergePatch(SEALED_SECRETS, { namespace, name }, { spec })
  await seen
  awaited.delete(password)
  return performance.now() - start
}

function report(sorted: readonly number[]): void {
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  console.log(
    `Node ${process.versions.node}; ${count} objects of 3 values, ${changes} changes, one each ${every} ms`,
  )
  console.log(`${'p50'.padEnd(26)}${at(0.5).toFixed(0)} ms`)
  print('p99', `${at(0.99).toFixed(0)} ms`, at(0.99) < MOST_MS, `under ${MOST_MS} ms`)
  console.log(`${'longest'.padEnd(26)}${at(1).toFixed(0)} ms`)
}
