import { expect, test } from 'vitest'
import { tracingSettings } from '../../../../controller/tracing/settings.ts'

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }

test.each([
  ['nothing', {}],
  ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
  ['other variables alone', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }],
  ['an endpoint for metrics', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector:4318' }],
  ['a disabled SDK', { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }],
  ['no exporter', { ...endpoint, OTEL_TRACES_EXPORTER: 'none' }],
])('off by %s', (_what, env) => {
  expect(tracingSettings(env)).toBe('off')
})

test.each([
  ['an endpoint', endpoint],
  ['one for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }],
  ['the protocol that there is', { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }],
  [
    'that of traces before that of all',
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' },
  ],
  ['the usual exporter', { ...endpoint, OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'false' }],
])('on by %s', (_what, env) => {
  expect(tracingSettings(env)).toBe('on')
})

test.each([
  ['another protocol', { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'protocol'],
  ['no URL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'URL'],
  ['a URL of another kind', { OTEL_EXPORTER_OTLP_ENDPOINT: 'unix:///run/otlp' }, 'URL'],
  ['half a URL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' }, 'URL'],
])('a problem: %s', (_what, env, problem) => {
  expect(tracingSettings(env)).toEqual({ problem: expect.stringContaining(problem) })
})
