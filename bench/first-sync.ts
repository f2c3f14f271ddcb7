// How long a controller takes to sync N new SealedSecrets, beside a raw client that makes the same writes on the same
// control plane at the same concurrency: before and after, so that a drift of the machine shows.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchCluster, fill, startBenchCluster, syncAll, untilReady } from './support/cluster.ts'
import { ended } from './support/controller.ts'
import { print } from './support/figures.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '2000' }, concurrency: { type: 'string', default: '16' } },
})
const count = Number(values.count)

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

function rawRun(cluster: BenchCluster, namespace: string): Promise<number> {
  return timed(async () => {
    const program = join(import.meta.dirname, 'support/raw-client.ts')
    const args = [
      '--disable-warning=ExperimentalWarning',
      program,
      cluster.plane.kubeconfig,
      namespace,
      values.concurrency,
    ]
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    await Promise.all([untilReady(cluster, namespace, count), ended(child)])
    if (child.exitCode !== 0) throw new Error('the raw client failed')
  })
}

const MOST = 1.25
const say = (label: string, text: string) => console.log(`${label.padEnd(26)}${text}`)
const rate = (seconds: number) => `${seconds.toFixed(2)} s   ${Math.round(count / seconds)} objects/s`

const cluster = await startBenchCluster(['before', 'synced', 'after'])
try {
  for (const namespace of ['before', 'synced', 'after']) await fill(cluster, namespace, count)
  const before = await rawRun(cluster, 'before')
  const controller = await syncAll(cluster, 'synced', count, [
    '--watch-namespace',
    'synced',
    '--concurrency',
    values.concurrency,
  ])
  const after = await rawRun(cluster, 'after')
  const raw = (before + after) / 2
  say(
    'runtime',
    `Node ${process.versions.node}; ${count} objects of 3 values, ${values.concurrency} in flight`,
  )
  say('raw client, before', rate(before))
  say('controller', rate(controller.seconds))
  say('raw client, after', rate(after))
  say(
    'controller CPU',
    `${controller.cpu.toFixed(2)} s   ${((controller.cpu * 1000) / count).toFixed(2)} ms an object`,
  )
  say('controller RSS', `${controller.now.toFixed(0)} MiB, ${controller.peak.toFixed(0)} MiB at its highest`)
  const ratio = controller.seconds / raw
  print('ratio', `${ratio.toFixed(2)} × the raw client`, ratio <= MOST, `at most ${MOST}`)
} finally {
  cluster.kube.close()
  await cluster.plane.stop()
}
