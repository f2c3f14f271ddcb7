// What a restart costs among many objects of which none has changed: seconds from the start of the process until it is
// ready, and the writes that the API server's audit log tells of, those of the Lease and
// questions about its own rights aside.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fill, startBenchCluster, syncAll } from './support/cluster.ts'
import { startController, untilServing } from './support/controller.ts'
import { print } from './support/figures.ts'
import { cpuSeconds } from './support/process.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    watched: { type: 'string', default: '10' },
    rest: { type: 'string', default: '35' },
  },
})
const count = Number(values.count)
const MOST_SECONDS = 2
const NO_OBJECTS = new Set(['leases', 'selfsubjectaccessreviews'])

const cluster = await startBenchCluster(['all'])
const { plane } = cluster
const log = join(plane.dir, 'controller.log')
const flags = ['--watch-namespace', 'all']
try {
  await fill(cluster, 'all', count)
  // Until it has written, half a minute later, how many objects need its key.
  await syncAll(cluster, 'all', count, flags, Number(values.rest) * 1000)
  const before = (await plane.auditEvents()).length
  const start = performance.now()
  const controller = startController(plane.kubeconfig, log, flags)
  await untilServing(controller)
  const seconds = (performance.now() - start) / 1000
  await new Promise((resolve) => setTimeout(resolve, Number(values.watched) * 1000))
  const cpu = cpuSeconds(controller.pid)
  await controller.end()
  const writes = (await plane.auditEvents())
    .slice(before)
    .filter(
      ({ userAgent, resource }) => userAgent.startsWith('waxwing-controller/') && !NO_OBJECTS.has(resource),
    )
  console.log(`Node ${process.versions.node}; ${count} objects of 3 values, none changed`)
  print(
    'start to ready',
    `${seconds.toFixed(2)} s; ${cpu.toFixed(2)} s of CPU`,
    seconds < MOST_SECONDS,
    `under ${MOST_SECONDS} s`,
  )
  print('writes of objects', `${writes.length}`, writes.length === 0, 'none')
  for (const { verb, resource, name } of writes.slice(0, 5)) console.log(`  ${verb} ${resource} ${name}`)
} finally {
  cluster.kube.close()
  await plane.stop()
}
