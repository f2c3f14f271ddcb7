import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTracer } from '../../../../controller/tracing/otel.ts'
import { startTracing } from '../../../../controller/tracing/start.ts'
import { type Collector, startCollector } from '../../../support/otlp.ts'
import { until } from '../../../support/programs.ts'
import { memoryLog } from '../world.ts'
import { withEnvironment } from './environment.ts'

let collector: Collector
let log: ReturnType<typeof memoryLog>
let restore: () => void

beforeEach(async () => {
  collector = await startCollector()
  log = memoryLog()
  restore = withEnvironment({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '50',
  })
})
afterEach(async () => {
  restore()
  await collector.close()
})

const start = () => createTracer({ log, instance: 'one' })

test('what is left is sent at the end', async () => {
  const tracer = start()
  tracer.begin('work').end()
  expect(collector.spans).toEqual([])
  await tracer.close()
  expect(collector.spans).toMatchObject([{ name: 'work' }])
})

test('the end does not wait for a collector that does not answer', async () => {
  collector.answer('none')
  restore()
  restore = withEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const tracer = start()
  tracer.begin('work').end()
  const started = performance.now()
  await tracer.close()
  expect(performance.now() - started).toBeLessThan(1_000)
})

test('while a collector hangs so many wait and the others are dropped; then it goes on', async () => {
  collector.answer('none')
  process.env.OTEL_BSP_SCHEDULE_DELAY = '10'
  const tracer = start()
  for (let i = 0; i < 1_000; i++) tracer.begin(`early ${i}`).end()
  await until('a failure', async () => log.lines.some(({ level }) => level === 'warn'))
  collector.answer(200)
  await until('it works again', async () => {
    tracer.begin('late').end()
    return collector.spans.some(({ name }) => name === 'late')
  })
  const early = collector.spans.filter(({ name }) => name.startsWith('early'))
  expect(early.length).toBeLessThanOrEqual(100)
  expect(log.lines.map(({ message }) => message)).toContain('traces can be sent again')
  await tracer.close()
})

test('what is sampled away is not sent, nor what is forgotten', async () => {
  restore()
  restore = withEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_off' })
  const off = start()
  const span = off.begin('work')
  expect(span.headers().traceparent).toMatch(/-00$/)
  span.end()
  await off.close()
  restore()
  restore = withEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const on = start()
  const settled = on.begin('settled')
  settled.within(() => on.forget())
  settled.end()
  expect(on.busy()).toBe(false)
  expect(settled.within(on.busy)).toBe(true)
  await on.close()
  expect(collector.spans).toEqual([])
})

test('without an endpoint there is no tracer, and where it is wrong the log says so', async () => {
  expect(await startTracing({}, { log, instance: 'one' })).toBeUndefined()
  expect(log.lines).toEqual([])
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(await startTracing(env, { log, instance: 'one' })).toBeUndefined()
  expect(log.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('http/protobuf') }])
})
