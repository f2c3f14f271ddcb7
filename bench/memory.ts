// How much memory the controller takes (resident set): with no objects, with some thousands, and with large ones; after
// the first sync, and after a restart that finds all of them synced.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fill, startBenchCluster, untilReady } from './support/cluster.ts'
import { startController, untilServing } from './support/controller.ts'
import { print } from './support/figures.ts'
import { memoryMiB } from './support/process.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    bytes: { type: 'string', default: '4000' },
    rest: { type: 'string', default: '3' },
  },
})
const count = Number(values.count)
const bytes = Number(values.bytes)
const MOST_MIB = 150

const rows = [
  { namespace: 'none', objects: 0, size: undefined },
  { namespace: 'fifth', objects: Math.ceil(count / 5), size: undefined },
  { namespace: 'all', objects: count, size: undefined },
  { namespace: 'large', objects: count, size: bytes },
]

const cluster = await startBenchCluster(rows.map(({ namespace }) => namespace))
const log = join(cluster.plane.dir, 'controller.log')
try {
  console.log(
    `Node ${process.versions.node}; resident set of the controller, MiB; large: 3 values of ${bytes} B`,
  )
  for (const { namespace, objects, size } of rows) {
    await fill(cluster, namespace, objects, size)
    const what = `${objects} ${size === undefined ? 'objects' : 'large'}`
    for (const when of ['first sync', 'restart']) {
      const { now, peak } = await controllerMemory(namespace, objects)
      const figure = `${now.toFixed(0)}, ${peak.toFixed(0)} at its highest`
      print(`${what}, ${when}`, figure, peak <= MOST_MIB, `at most ${MOST_MIB}`)
    }
  }
} finally {
  cluster.kube.close()
  await cluster.plane.stop()
}

async function controllerMemory(namespace: string, objects: number) {
  const controller = startController(cluster.plane.kubeconfig, log, ['--watch-namespace', namespace])
  try {
    await untilServing(controller)
    await untilReady(cluster, namespace, objects)
    // For the echoes of the last writes, and what a heap does when nothing happens.
    await new Promise((resolve) => setTimeout(resolve, Number(values.rest) * 1000))
    return memoryMiB(controller.pid)
  } finally {
    await controller.end()
  }
}
