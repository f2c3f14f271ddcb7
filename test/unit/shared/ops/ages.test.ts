import { describe, expect, test } from 'vitest'
import { SEALED_AT } from '../../../../shared/format/sealed-secret.ts'
import { valueAges } from '../../../../shared/ops/ages.ts'
import { type AgeRow, compareAges, countAges } from '../../../../shared/ops/report.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')
const DAY = 86_400_000
const value = { envelope: 'kq7p2xa3', sealed: new Uint8Array() }

const ages = (times: unknown, limit?: number) =>
  valueAges(
    {
      data: new Map([['password', value]]),
      annotations: new Map(times === undefined ? [] : [[SEALED_AT, JSON.stringify(times)]]),
    },
    () => limit,
    NOW,
  )
const before = (ms: number) => ({ password: new Date(NOW - ms).toISOString() })

describe('the age of a value', () => {
  test.each([
    [0, 90, { days: 0, limit: 90, state: 'ok' }],
    [90 * DAY, 90, { days: 90, limit: 90, state: 'ok' }],
    [90 * DAY + 1000, 90, { days: 90, limit: 90, state: 'due' }],
    [400 * DAY, undefined, { days: 400, state: 'ok' }],
    [-DAY, 90, { days: 0, limit: 90, state: 'ok' }],
  ])('%d ms, %s days allowed', (ms, limit, expected) => {
    const times = before(ms)
    expect(ages(times, limit)).toEqual([{ key: 'password', sealedAt: times.password, ...expected }])
  })

  test.each([
    [undefined],
    [{ other: '2026-01-01T00:00:00Z' }],
    [{ password: 'long ago' }],
    [{ password: '2026-13-01T00:00:00Z' }],
    [{ password: 7 }],
    [[]],
    ['x'],
  ])('nobody knows: %j', (times) => {
    expect(ages(times)).toEqual([{ key: 'password', state: 'unknown' }])
    expect(ages(times, 90)).toEqual([{ key: 'password', limit: 90, state: 'due' }])
  })
})

test('what is due first, then what is not known, then the oldest', () => {
  const row = (key: string, rest: Partial<AgeRow>): AgeRow => ({
    file: 'a.yaml',
    line: 1,
    namespace: 'shop',
    name: 'db',
    key,
    state: 'ok',
    sealedAt: 'then',
    ...rest,
  })
  const { sealedAt: _, ...unknown } = row('unknown', { state: 'unknown' })
  const rows = [
    row('young', { days: 1 }),
    row('old', { days: 9 }),
    unknown,
    row('due', { days: 5, state: 'due' }),
    row('b', { days: 1, file: 'b.yaml' }),
    row('later', { days: 1, line: 9 }),
  ]
  expect(rows.sort(compareAges).map(({ key }) => key)).toEqual([
    'due',
    'unknown',
    'old',
    'young',
    'later',
    'b',
  ])
  expect(countAges(rows)).toEqual({ values: 6, due: 1, unknown: 1 })
})
