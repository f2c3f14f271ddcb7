import { expect, test } from 'vitest'
import { createEvents } from '../../../controller/events.ts'
import { apiError, createFakeKube } from './fake-kube.ts'
import { memoryLog } from './world.ts'

const subject = { apiVersion: 'waxwing.dev/v1alpha1', kind: 'SealedSecret' }
const object = { metadata: { name: 'db', namespace: 'shop', uid: 'u', resourceVersion: '7' } }
const note = { type: 'Warning', reason: 'NoKey', action: 'Sync', note: 'words' } as const

function world() {
  const kube = createFakeKube()
  const log = memoryLog()
  let n = 0
  const dropped: number[] = []
  const events = createEvents({
    kube,
    log,
    now: () => Date.parse('2026-11-24T00:00:00.123Z'),
    random: (size) => new Uint8Array(size).fill(++n),
    instance: 'pod-1',
    signal: new AbortController().signal,
    dropped: () => dropped.push(1),
  })
  return { kube, log, events, dropped }
}

test('an Event is what events.k8s.io/v1 wants', async () => {
  const { kube, events } = world()
  events.tell(subject, object, note)
  await events.settle()
  expect(kube.calls[0]?.body).toEqual({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'db.0101010101010101', namespace: 'shop' },
    eventTime: '2026-11-24T00:00:00.123000Z',
    reportingController: 'waxwing.dev/controller',
    reportingInstance: 'pod-1',
    action: 'Sync',
    reason: 'NoKey',
    type: 'Warning',
    note: 'words',
    regarding: { ...subject, ...object.metadata },
  })
})

test('long names and notes keep within the limits of the API', async () => {
  const { kube, events } = world()
  const name = `${'a'.repeat(199)}.${'b'.repeat(53)}`
  events.tell(subject, { metadata: { ...object.metadata, name } }, { ...note, note: '✓'.repeat(600) })
  await events.settle()
  const sent = kube.calls[0]?.body as { metadata: { name: string }; note: string }
  expect(sent.metadata.name).toMatch(/^a{199}\.[0-9a-f]{16}$/)
  expect(Buffer.byteLength(sent.note)).toBeLessThanOrEqual(1024)
  expect(sent.note).toMatch(/^✓+…$/)
})

test('a failure is logged, loudly once, and neither thrown nor tried again', async () => {
  const { kube, log, events } = world()
  kube.before = () => {
    throw apiError(403, 'Forbidden')
  }
  for (let i = 0; i < 2; i++) {
    events.tell(subject, object, note)
    await events.settle()
  }
  expect(kube.calls).toHaveLength(2)
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { reason: 'NoKey' } }, { level: 'debug' }])
})

test('a flood is cut, and what was left out is counted', async () => {
  const { kube, events, dropped } = world()
  for (let i = 0; i < 200; i++) events.tell(subject, object, note)
  await events.settle()
  expect(kube.calls).toHaveLength(64)
  expect(dropped).toHaveLength(200 - 64)
  events.tell(subject, object, note)
  await events.settle()
  expect(kube.calls).toHaveLength(65)
})
