import { expect, test } from 'vitest'
import { describeSealed } from '../../../../shared/ops/describe.ts'
import { readSealedStream } from '../../../../shared/ops/sealed-stream.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { readText } from '../../../support/objects.ts'
import { secretText } from './secrets.ts'
import { NOW, prod, recovery, sealText } from './streams.ts'

const never = () => undefined

test('all that can be said, whole', async () => {
  const text = await sealText(secretText('type: Opaque', 'stringData: { a: x, b: y }'))
  const template =
    '    data: { url: "{{ .a }}", fixed: x }\n    metadata: { labels: { app: shop }, annotations: { note: hint } }\n'
  expect(describeSealed(readText(text + template), never, NOW)).toEqual({
    name: 'db',
    namespace: 'shop',
    scope: 'strict',
    type: 'Opaque',
    values: [
      { key: 'a', sealedAt: '2026-11-24T12:00:00Z', days: 0, state: 'ok' },
      { key: 'b', sealedAt: '2026-11-24T12:00:00Z', days: 0, state: 'ok' },
    ],
    recipients: [{ id: prod.key.id }],
    labels: { app: 'shop' },
    annotations: ['note'],
    data: [
      { key: 'url', uses: ['a'] },
      { key: 'fixed', uses: [] },
    ],
  })
})

test('who opens what, where envelopes have different recipients', async () => {
  const one = readText(await sealText(secretText('stringData: { a: x }')))
  const both = [prod.key, recovery.key]
  const other = readText(await sealText(secretText('stringData: { b: y }'), undefined, {}, both))
  const [envelope] = other.envelopes
  const moved = new Map([...other.data].map(([key, value]) => [key, { ...value, envelope: 'other' }]))
  const sealed = {
    ...one,
    envelopes: [...one.envelopes, ...(envelope ? [{ ...envelope, id: 'other' }] : [])],
    data: new Map([...one.data, ...moved]),
  }
  expect(describeSealed(sealed, never, NOW).recipients).toEqual([
    { id: prod.key.id },
    { id: recovery.key.id, values: ['b'] },
  ])
})

test('no value, and the same for values of all lengths', async () => {
  const { text } = canary()
  const said = async (value: string) =>
    JSON.stringify(
      describeSealed(
        readText(await sealText(secretText(`stringData: { a: ${JSON.stringify(value)} }`))),
        never,
        NOW,
      ),
    )
  expectNoCanary(await said(text))
  expect(await said('x'.repeat(4000))).toBe(await said(text))
})

test('what is malformed is a finding, and the rest is read', async () => {
  const good = await sealText(secretText('stringData: { a: x }'))
  const { sealed, findings } = readSealedStream(
    'f.yaml',
    `${good}---\n${good.replace('scope: strict', 'scope: x')}`,
  )
  expect(sealed.map(({ line }) => line)).toEqual([1])
  expect(findings).toMatchObject([{ code: 'malformed', file: 'f.yaml' }])
  expect(readSealedStream('f.yaml', 'a: "b\n')).toEqual({ sealed: [], findings: [] })
})
