import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs/light.js'

/** A double of a collector: takes traces as OTLP over HTTP in protobuf, and reads them by the protocol's own numbers. */
export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string
  spans: ReceivedSpan[]
  /** Of the process that sent, by name. */
  resource: Record<string, unknown>
  /** Of each delivery. */
  requests: { path: string; headers: Record<string, unknown>; body: Buffer }[]
  /** From now on each delivery gets this status, or no answer at all. */
  answer(status: number | 'none'): void
  close(): Promise<void>
}

export interface ReceivedSpan {
  name: string
  traceId: string
  spanId: string
  /** '' for a root. */
  parentId: string
  kind: string
  attributes: Record<string, unknown>
  failed: boolean
  /** Nanoseconds since 1970. */
  start: number
  end: number
}

// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
const { fields, repeated } = {
  fields: (all: Record<string, [number, string]>) => ({
    fields: Object.fromEntries(Object.entries(all).map(([name, [id, type]]) => [name, { id, type }])),
  }),
  repeated: (id: number, type: string) => ({ id, type, rule: 'repeated' as const }),
}
const Request = protobuf.Root.fromJSON({
  nested: {
    Request: { fields: { resourceSpans: repeated(1, 'ResourceSpans') } },
    ResourceSpans: {
      fields: { resource: { id: 1, type: 'Resource' }, scopeSpans: repeated(2, 'ScopeSpans') },
    },
    Resource: { fields: { attributes: repeated(1, 'KeyValue') } },
    ScopeSpans: { fields: { spans: repeated(2, 'Span') } },
    Span: {
      fields: {
        ...fields({
          traceId: [1, 'bytes'],
          spanId: [2, 'bytes'],
          parentSpanId: [4, 'bytes'],
          name: [5, 'string'],
          kind: [6, 'uint32'],
          start: [7, 'fixed64'],
          end: [8, 'fixed64'],
          status: [15, 'Status'],
        }).fields,
        attributes: repeated(9, 'KeyValue'),
      },
    },
    Status: fields({ code: [3, 'uint32'] }),
    KeyValue: fields({ key: [1, 'string'], value: [2, 'AnyValue'] }),
    AnyValue: fields({
      string: [1, 'string'],
      bool: [2, 'bool'],
      int: [3, 'int64'],
      double: [4, 'double'],
    }),
  },
}).lookupType('Request')

interface KeyValue {
  key: string
  value: Record<string, unknown>
}

interface Sent {
  resourceSpans: {
    resource: { attributes: KeyValue[] }
    scopeSpans: { spans: (Record<string, unknown> & { attributes?: KeyValue[] })[] }[]
  }[]
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
const FAILED = 2

const plain = (attributes: KeyValue[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
const hex = (bytes: unknown) => Buffer.from((bytes as Uint8Array | undefined) ?? []).toString('hex')

export async function startCollector(): Promise<Collector> {
  let status: number | 'none' = 200
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const sent = Buffer.concat(chunks)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
    collector.requests.push({ path: request.url ?? '', headers: request.headers, body })
    if (status === 'none') return
    if (status === 200) take(body)
    response.writeHead(status, { 'Content-Type': 'application/x-protobuf' }).end()
  })

  function take(body: Buffer): void {
    const read = Request.toObject(Request.decode(body), { longs: Number }) as Sent
    for (const { resource, scopeSpans } of read.resourceSpans) {
      collector.resource = plain(resource.attributes)
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        collector.spans.push({
          name: String(span.name),
          traceId: hex(span.traceId),
          spanId: hex(span.spanId),
          parentId: hex(span.parentSpanId),
          kind: KINDS[Number(span.kind)] ?? 'unknown',
          attributes: plain(span.attributes),
          failed: (span.status as { code?: number } | undefined)?.code === FAILED,
          start: Number(span.start),
          end: Number(span.end),
        })
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    resource: {},
    requests: [],
    answer(next) {
      status = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return collector
}
