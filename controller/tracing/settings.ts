type Environment = Readonly<Record<string, string | undefined>>

/** Whether to trace, by https://opentelemetry.io/docs/specs/otel/protocol/exporter/; `problem`: why not, though it was asked for. */
export type Settings = 'off' | 'on' | { problem: string }

/** The other variables of OpenTelemetry are read by its own packages. */
export function tracingSettings(env: Environment): Settings {
  const read = (name: string) => env[name]?.trim() || undefined
  const endpoint = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? read('OTEL_EXPORTER_OTLP_ENDPOINT')
  if (endpoint === undefined) return 'off'
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return 'off'
  if (read('OTEL_TRACES_EXPORTER') === 'none') return 'off'
  const protocol = read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? read('OTEL_EXPORTER_OTLP_PROTOCOL')
  if (protocol !== undefined && protocol !== 'http/protobuf')
    return { problem: 'traces are sent by http/protobuf only, and another OTLP protocol is set' }
  if (!/^https?:\/\/[^/]/.test(endpoint) || !URL.canParse(endpoint))
    return { problem: 'the OTLP endpoint is no http or https URL' }
  return 'on'
}
