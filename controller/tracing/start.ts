import type { Log } from '../log.ts'
import { tracingSettings } from './settings.ts'
import type { Tracer } from './tracer.ts'

export interface TracingParts {
  log: Log
  /** Which process this is. */
  instance: string
}

/** Undefined where nobody asked for traces: nothing of OpenTelemetry is loaded then. */
export async function startTracing(
  env: Readonly<Record<string, string | undefined>>,
  parts: TracingParts,
): Promise<Tracer | undefined> {
  const settings = tracingSettings(env)
  if (settings === 'off') return undefined
  if (settings !== 'on') {
    parts.log.warn({}, `no traces: ${settings.problem}`)
    return undefined
  }
  const { createTracer } = await import('./otel.ts')
  return createTracer(parts)
}
