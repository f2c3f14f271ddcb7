import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import { SEALED_SECRETS, SECRETS } from '../../shared/kube/resources.ts'
import {
  type ControllerSite,
  isReady,
  publishedKey,
  put,
  type RunningController,
  reached,
  seal,
  startSite,
  values,
} from '../contract/controller-site.ts'
import { REAL_START_MS, realCluster } from '../contract/real.ts'
import { type KmsPlugin, startKmsPlugin } from '../kms/plugin.ts'
import { canary, expectNoCanary } from '../support/canary.ts'
import { readSeries } from '../support/exposition.ts'
import { until } from '../support/programs.ts'
import { promlint } from './promlint.ts'

// The metrics of a controller that has been through everything, as Prometheus reads and lints them.

let site: ControllerSite
let kms: KmsPlugin
let controller: RunningController
let folder: string

beforeAll(async () => {
  kms = await startKmsPlugin()
  site = await startSite(realCluster)
  folder = await mkdtemp(join(tmpdir(), 'waxwing-metrics-'))
  const flags = ['--kms', kms.address, '--at-rest-check', '1', '--audit-log', join(folder, 'audit.log')]
  controller = await site.start(flags)
  await until('ready', () => isReady(controller))
}, REAL_START_MS)
afterAll(async () => {
  await site?.stop()
  await kms?.remove()
  if (folder) await rm(folder, { recursive: true })
})

const scrape = async () => (await fetch(`${controller.metricsUrl}/metrics`)).text()

async function count(name: string, labels: Record<string, string> = {}): Promise<number> {
  return readSeries(await scrape())
    .filter(
      (series) => series.name === name && Object.entries(labels).every(([k, v]) => series.labels[k] === v),
    )
    .reduce((sum, { value }) => sum + value, 0)
}

/** Synced, refused, drifted, asked, cut off. */
async function liveThrough(): Promise<void> {
  const { kube } = site
  const value = canary()
  const sealed = await seal(await publishedKey(kube), { password: value.bytes }, { name: 'db' })
  await put(kube, sealed)
  await reached(kube, 'db', 'Synced')
  const id = { name: 'db', namespace: 'shop' }
  await kube.mergePatch(SECRETS, id, { data: { password: 'eA==' } })
  await until('drift put back', async () => (await values(kube, 'db')).password === value.text)
  await put(kube, { ...sealed, metadata: { ...sealed.metadata, name: 'moved' } })
  await reached(kube, 'moved', 'Moved')
  await kube.create(SECRETS, {
    metadata: { name: 'broken', namespace: 'waxwing-system', labels: { [KEY_LABEL]: 'active' } },
  })
  for (const path of ['/v1/keys', '/v1/keys?usage=1', '/nowhere']) await fetch(controller.url + path)
  await fetch(`${controller.url}/v1/verify`, { method: 'POST', body: JSON.stringify(sealed) })
  await site.cluster.loseWatches()
  await until('the watches again', async () => (await count('waxwing_watch_restarts_total')) >= 3)
  await kube.delete(SEALED_SECRETS, id)
  await until('the key in use no more', async () => (await count('waxwing_sealing_key_objects')) === 1)
}

const declared = (page: string) =>
  [...page.matchAll(/^# TYPE (waxwing_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`)

test('all metrics move, parse and pass promlint, and hold no value', async () => {
  await liveThrough()
  expect(await count('waxwing_drift_corrections_total')).toBe(1)
  expect(await count('waxwing_unseals_total', { result: 'refused', reason: 'moved' })).toBeGreaterThan(0)
  expect(await count('waxwing_watch_failures_total')).toBeGreaterThan(0)
  expect(await count('waxwing_leader')).toBe(1)
  expect(await count('waxwing_leader_terms_total')).toBeGreaterThan(0)
  expect(await count('waxwing_sealing_keys', { state: 'malformed' })).toBe(1)
  expect(await count('waxwing_key_provider_requests_total', { result: 'ok' })).toBeGreaterThan(2)
  const age = Date.now() / 1000 - (await count('waxwing_sealing_key_created_timestamp_seconds'))
  expect(age).toBeGreaterThan(0)
  expect(age).toBeLessThan(600)
  const renewed = Date.now() / 1000 - (await count('waxwing_lease_renewed_timestamp_seconds'))
  expect(Math.abs(renewed)).toBeLessThan(30)

  const page = await scrape()
  const { families, problems } = await promlint(page)
  expect(problems).toEqual([])
  expect(families.filter(({ help, series }) => help === '' || series === 0)).toEqual([])
  // The parser leaves out what has no series, so each of ours has moved.
  const ours = ({ name }: { name: string }) => name.startsWith('waxwing_')
  const read = families.filter(ours).map(({ name, type }) => `${name} ${type.toLowerCase()}`)
  expect(read.sort()).toEqual(declared(page).sort())
  expect(read).toHaveLength(26)
  expectNoCanary(page, 'the metrics')
  expect(await count('waxwing_audit_lines_total', { result: 'written' })).toBeGreaterThan(0)
  expectNoCanary(await readFile(join(folder, 'audit.log'), 'utf8'), 'the audit log')
})

test.each([
  [
    'a counter without _total',
    '# HELP a_b x\n# TYPE a_b counter\na_b 1\n',
    'counter metrics should have "_total" suffix',
  ],
  ['no help', '# TYPE a_b gauge\na_b 1\n', 'no help text'],
  [
    'another unit',
    '# HELP a_milliseconds x\n# TYPE a_milliseconds gauge\na_milliseconds 1\n',
    'use base unit "seconds" instead of "milliseconds"',
  ],
])('the linter finds %s', async (_what, page, problem) => {
  const { problems } = await promlint(page)
  expect(problems.map(({ text }) => text)).toContain(problem)
})

test('and what is no exposition does not pass', async () => {
  await expect(promlint('waxwing_ready{ 1\n')).rejects.toThrow('text format parsing error')
})
