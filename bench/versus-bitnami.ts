// The same values as SealedSecrets of both kinds, on the same control plane, one controller after the other: ours, the
// one of Sealed Secrets without its limit on requests, and the same as it comes, for a minute.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { KubeObject } from '../shared/kube/port.ts'
import { SEALED_SECRETS, SECRETS } from '../shared/kube/resources.ts'
import {
  BITNAMI_SEALED_SECRETS,
  type BitnamiObject,
  bitnamiPrograms,
  bitnamiSealedSecret,
  isSynced,
  startBitnami,
} from './support/bitnami.ts'
import { benchName, startBenchCluster, syncAll, untilAll } from './support/cluster.ts'
import { ended } from './support/controller.ts'
import { print } from './support/figures.ts'
import { KUBESEAL } from './support/kubeseal.ts'
import { inFlight } from './support/pool.ts'
import { cpuSeconds, memoryMiB } from './support/process.ts'
import { sealedSecret, someValues } from './support/sealed.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '60' } },
})
const count = Number(values.count)
const seconds = Number(values.seconds)
/** More than it gets through at its rate. */
const THROTTLED_COUNT = 5 * seconds

const programs = bitnamiPrograms()
const cluster = await startBenchCluster(['bitnami', 'ours', 'theirs', 'throttled'])
const { plane, kube, sealingKey } = cluster
try {
  await plane.kubectl(['apply', '-f', programs.crd])
  await plane.kubectl(['wait', '--for=condition=Established', 'crd', '--all'])
  const certificate = await theirCertificate()
  const all = Array.from({ length: Math.max(count, THROTTLED_COUNT) }, (_, i) => ({
    name: benchName(i),
    values: someValues(),
  }))
  const theirs = (namespace: string, some: typeof all) =>
    inFlight(some, 16, async (one) =>
      kube.create(BITNAMI_SEALED_SECRETS, bitnamiSealedSecret(certificate, namespace, one.name, one.values)),
    )
  await theirs('theirs', all.slice(0, count))
  await theirs('throttled', all.slice(0, THROTTLED_COUNT))
  await inFlight(all.slice(0, count), 16, async (one) =>
    kube.create(SEALED_SECRETS, await sealedSecret(sealingKey, 'ours', one.name, one.values)),
  )
  console.log(`Node ${process.versions.node}; Sealed Secrets ${KUBESEAL}; ${count} objects of 3 values`)
  const ours = await syncAll(cluster, 'ours', count, ['--watch-namespace', 'ours'])
  line('ours', ours.seconds, count, ours)
  const unthrottled = await theirRun(programs.unthrottled, 'theirs', () =>
    untilAll(kube, BITNAMI_SEALED_SECRETS, 'theirs', count, isSynced),
  )
  line('theirs, unthrottled', unthrottled.seconds, count, unthrottled)
  const throttled = await theirRun(
    programs.throttled,
    'throttled',
    () => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)),
  )
  const { items } = await kube.list<BitnamiObject>(BITNAMI_SEALED_SECRETS, { namespace: 'throttled' })
  const done = items.filter(isSynced).length
  line('theirs, as it comes', throttled.seconds, done, throttled)
  const rate = count / ours.seconds
  const against = (name: string, other: number, least: number) =>
    print(name, `${(rate / other).toFixed(1)} ×`, rate / other >= least, `at least ${least} ×`)
  against('ours to unthrottled', count / unthrottled.seconds, 8)
  against('ours to as it comes', done / throttled.seconds, 150)
} finally {
  kube.close()
  await plane.stop()
}

interface Run {
  seconds: number
  cpu: number
  peak: number
}

function line(name: string, time: number, objects: number, { cpu, peak }: Run): void {
  const figures = [
    `${objects} in ${time.toFixed(1)} s`,
    `${(objects / time).toFixed(1)} objects/s`,
    `${((cpu * 1000) / Math.max(1, objects)).toFixed(1)} ms of CPU each`,
    `${peak.toFixed(0)} MiB`,
  ]
  console.log(`${name.padEnd(26)}${figures.join(', ')}`)
}

async function theirRun(program: string, served: string, done: () => Promise<void>): Promise<Run> {
  const start = performance.now()
  const child = startBitnami(program, plane, 'bitnami', served)
  const { pid } = child
  if (pid === undefined) throw new Error('the controller did not start')
  try {
    await done()
    return {
      seconds: (performance.now() - start) / 1000,
      cpu: cpuSeconds(pid),
      peak: memoryMiB(pid).peak,
    }
  } finally {
    child.kill('SIGKILL')
    await ended(child)
  }
}

/** Of the key that it makes at its first start. */
async function theirCertificate(): Promise<string> {
  const child = startBitnami(programs.unthrottled, plane, 'bitnami', 'bitnami')
  try {
    for (let tries = 0; tries < 600; tries += 1) {
      const labelSelector = 'sealedsecrets.bitnami.com/sealed-secrets-key'
      const { items } = await kube.list<KubeObject & { data?: Record<string, string> }>(SECRETS, {
        namespace: 'bitnami',
        labelSelector,
      })
      const certificate = items[0]?.data?.['tls.crt']
      if (certificate) return Buffer.from(certificate, 'base64').toString()
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`it made no key within a minute; see ${join(plane.dir, 'bitnami.log')}`)
  } finally {
    child.kill('SIGKILL')
    await ended(child)
  }
}
