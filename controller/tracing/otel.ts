import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { sleep } from '../../shared/kube/abort.ts'
import { VERSION } from '../../shared/version.ts'
import { telling } from './exporter.ts'
import type { TracingParts } from './start.ts'
import type { Tracer } from './tracer.ts'

/** A work under way: its span, and where others are put below it. */
interface Held {
  context: Context
  span: OtelSpan
  forgotten: boolean
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER }
const propagator = new W3CTraceContextPropagator()
/** At the end there is no time for a collector that does not answer. */
const CLOSE_MS = 400

/**
 * Traces by OpenTelemetry's own packages, which read its environment variables. Nothing global is registered: what is
 * under way is kept here. What waits to be sent is bounded by the batch processor, and dropped beyond.
 */
export function createTracer({ log, instance }: TracingParts): Tracer {
  const ours = resourceFromAttributes({
    'service.name': 'waxwing-controller',
    'service.version': VERSION,
    'service.instance.id': instance,
  })
  const theirs = detectResources({ detectors: [envDetector] })
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(ours).merge(theirs),
    spanProcessors: [new BatchSpanProcessor(telling(new OTLPTraceExporter(), log))],
  })
  const tracer = provider.getTracer('waxwing', VERSION)
  const here = new AsyncLocalStorage<Held>()

  return {
    begin(name, { kind = 'internal', attributes = {}, root = false, from, agoMs = 0 } = {}) {
      const above = root || from ? ROOT_CONTEXT : (here.getStore()?.context ?? ROOT_CONTEXT)
      const context = from ? propagator.extract(above, single(from), defaultTextMapGetter) : above
      const since = agoMs > 0 ? { startTime: Date.now() - agoMs } : {}
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes, ...since }, context)
      const held: Held = { context: trace.setSpan(context, span), span, forgotten: false }
      return {
        headers() {
          const headers: Record<string, string> = {}
          propagator.inject(held.context, headers, defaultTextMapSetter)
          return headers
        },
        within: (work) => here.run(held, work),
        end(more = {}, failed = false) {
          if (held.forgotten) return
          span.setAttributes(more)
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    note: (attributes) => void here.getStore()?.span.setAttributes(attributes),
    forget() {
      const held = here.getStore()
      if (held) held.forgotten = true
    },
    busy: () => here.getStore() !== undefined,
    async close() {
      await Promise.race([provider.shutdown().catch(() => undefined), sleep(CLOSE_MS)])
    },
  }
}

/** Of a header that comes more than once the propagator takes one. */
const single = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    ['traceparent', 'tracestate'].flatMap((name) => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
