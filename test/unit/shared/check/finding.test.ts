import { describe, expect, test } from 'vitest'
import { compareFindings, type Finding } from '../../../../shared/check/finding.ts'
import { keyAgeFindings } from '../../../../shared/check/key-age.ts'
import { nearest } from '../../../../shared/check/nearest.ts'
import { namedKey } from '../../../support/keys.ts'

test('findings stand by file, line, column, code', () => {
  const finding = (file: string | undefined, line: number | undefined, code: Finding['code']): Finding => ({
    code,
    severity: 'fail',
    args: {},
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
  })
  const sorted = [
    finding(undefined, undefined, 'usage'),
    finding('a', undefined, 'moved'),
    finding('a', 2, 'malformed'),
    finding('a', 2, 'moved'),
    finding('a', 10, 'malformed'),
    finding('b', 1, 'moved'),
  ]
  expect([...sorted].reverse().sort(compareFindings)).toEqual(sorted)
})

test.each([
  ['stringdata', 'stringData'],
  ['StringData', 'stringData'],
  ['strinData', 'stringData'],
  ['dta', 'data'],
  ['DATA', 'data'],
  ['dat', 'data'],
  ['da', undefined],
  ['x', undefined],
  ['', undefined],
  ['password', undefined],
  ['hunter2hunter2', undefined],
])('nearest: %s → %s', (word, expected) => {
  expect(nearest(word, ['data', 'stringData', 'type', 'metadata'])).toBe(expected)
})

describe('the age of a key', () => {
  const day = 86_400_000
  const after = Date.parse('2026-01-31T00:00:00Z')

  test.each([
    [Date.parse('2026-01-01T00:00:00Z') - 1000, 'key-not-yet', 'warn', '2026-01-01'],
    [Date.parse('2026-01-01T00:00:00Z'), undefined],
    [after, undefined],
    [after + 1000, 'key-stale', 'warn', '2026-01-31'],
    [after + 90 * day, 'key-stale', 'warn', '2026-01-31'],
    [after + 90 * day + 1000, 'key-expired', 'fail', '2026-01-31'],
  ])('%i: %s', async (now, code, severity?: string, date?: string) => {
    const { key } = await namedKey('prod')
    const dated = { ...key, notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-01-31T00:00:00Z' }
    const args = { id: key.id, holder: 'prod', date, days: '90' }
    expect(keyAgeFindings(dated, now, 'f')).toEqual(
      code === undefined ? [] : [{ code, severity, file: 'f', args }],
    )
  })

  test('nothing, where it is retired', async () => {
    const { key } = await namedKey('prod')
    for (const now of [0, Date.parse(key.notBefore), Date.parse(key.notAfter) + 1000 * day])
      expect(keyAgeFindings({ ...key, retired: true }, now)).toMatchObject([
        { code: 'key-retired', severity: 'fail' },
      ])
  })
})
