// How long a controller takes to sync N new SealedSecrets, beside a raw client that makes the same writes on the same
// control plane at the same concurrency: before and after, so that a drift of the machine shows.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchCluster, fill, startBenchCluster, untilReady } from './support/cluster.ts'
import { ended, startController } from './support/controller.ts'
import { cpuSeconds, memoryMiB } from './support/process.ts'

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

async function controllerRun(cluster: BenchCluster, namespace: string) {
  const flags = ['--watch-namespace', namespace, '--concurrency', values.concurrency]
  const child = startController(cluster.plane.kubeconfig, join(cluster.plane.dir, 'controller.log'), flags)
  const { pid } = child
  if (pid === undefined) throw new Error('the controller did not start')
  const seconds = await timed(() => untilReady(cluster, namespace, count))
  const figures = { seconds, cpu: cpuSeconds(pid), memory: memoryMiB(pid) }
  child.kill('SIGTERM')
  await ended(child)
  return figures
}

const print = (label: string, text: string) => console.log(`${label.padEnd(24)}${text}`)
const rate = (seconds: number) => `${seconds.toFixed(2)} s   ${Math.round(count / seconds)} objects/s`

const cluster = await startBenchCluster(['before', 'synced', 'after'])
try {
  for (const namespace of ['before', 'synced', 'after']) await fill(cluster, namespace, count)
  const before = await rawRun(cluster, 'before')
  const controller = await controllerRun(cluster, 'synced')
  const after = await rawRun(cluster, 'after')
  const raw = (before + after) / 2
  print(
    'runtime',
    `Node ${process.versions.node}; ${count} objects of 3 values, ${values.concurrency} in flight`,
  )
  print('raw client, before', rate(before))
  print('controller', rate(controller.seconds))
  print('raw client, after', rate(after))
  print(
    'controller CPU',
    `${controller.cpu.toFixed(2)} s   ${((controller.cpu * 1000) / count).toFixed(2)} ms an object`,
  )
  print(
    'controller RSS',
    `${controller.memory.now.toFixed(0)} MiB, ${controller.memory.peak.toFixed(0)} MiB at its highest`,
  )
  print('ratio', `${(controller.seconds / raw).toFixed(2)} × the raw client`)
} finally {
  cluster.kube.close()
  await cluster.plane.stop()
}
