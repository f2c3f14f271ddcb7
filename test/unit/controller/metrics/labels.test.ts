import { expect, test } from 'vitest'
import { bounded, codeLabel } from '../../../../controller/metrics/bounded.ts'
import { createMetrics } from '../../../../controller/metrics/metrics.ts'
import { quietGauges } from './gauges.ts'

test('names beyond so many are all one', () => {
  const label = bounded(2)
  expect(['a', 'b', 'c', 'a', 'd', 'b'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other', 'b'])
})

test('a status that a server makes up has no label of its own', () => {
  expect([200, 409, 299, 451, 599, 600, 999, 0].map(codeLabel)).toEqual([
    '200',
    '409',
    '2xx',
    '4xx',
    '5xx',
    'other',
    'other',
    'other',
  ])
})

/** 27 statuses by name, five classes, and the rest. */
const SERIES = 33

test('of many keys the newest have numbers of their own', async () => {
  const metrics = createMetrics()
  const keys = Array.from({ length: 200 }, (_, i) => `wx${i}`)
  metrics.measure({
    ...quietGauges,
    created: () => keys.map((id, i) => ({ id, notBefore: new Date(1e12 - i).toISOString() })),
    keyObjects: () => new Map(keys.map((id) => [id, { usable: 1, needed: 1 }])),
  })
  for (const name of ['created_timestamp_seconds', 'objects', 'needed_objects']) {
    const text = await metrics.registry.getSingleMetricAsString(`waxwing_sealing_key_${name}`)
    const shown = [...text.matchAll(/^waxwing_\w+\{key="(\w+)"\}/gm)].map(([, id]) => id)
    expect(shown).toEqual(keys.slice(0, 50))
  }
})

test('a key that is gone has no number any more', async () => {
  const metrics = createMetrics()
  const keys = [{ id: 'wxa', notBefore: '2026-11-24T00:00:00Z' }]
  metrics.measure({ ...quietGauges, created: () => keys })
  const read = () => metrics.registry.getSingleMetricAsString('waxwing_sealing_key_created_timestamp_seconds')
  expect(await read()).toContain('{key="wxa"} 1795478400')
  keys.pop()
  expect(await read()).not.toContain('wxa')
})

test('requests: whatever code, method or manager comes, the series are few', async () => {
  const metrics = createMetrics()
  for (let code = 100; code < 1000; code++) {
    metrics.requested({ verb: 'get', resource: 'secrets', method: 'GET', path: '/' }).ended(code)
    metrics.served({ route: 'other', method: `M${code}`, headers: {} }).answered(code)
    metrics.corrected([`manager-${code}`])
  }
  for (const name of ['api_requests_total', 'http_requests_total', 'drift_corrections_total']) {
    const text = await metrics.registry.getSingleMetricAsString(`waxwing_${name}`)
    expect(text.match(/^waxwing_/gm)?.length, name).toBeLessThanOrEqual(SERIES)
  }
})
