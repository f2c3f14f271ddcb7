import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Log } from '../log.ts'

/** The same exporter, whose failures are told of: once loudly, until it works again. */
export function telling(exporter: SpanExporter, log: Log): SpanExporter {
  let failing = false

  function tell({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS
    // By its code alone: the collector's words may quote what it was sent.
    const why = (error as { code?: unknown } | undefined)?.code ?? 'none'
    if (failed)
      log[failing ? 'debug' : 'warn']({ code: why }, 'traces could not be sent; nothing waits for them')
    else if (failing) log.info({}, 'traces can be sent again')
    failing = failed
  }

  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        tell(result)
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}
