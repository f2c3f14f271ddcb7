import { pino } from 'pino'
import pretty from 'pino-pretty'

/** What the parts of the controller log with. Never a value: names, codes and counts only. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type LogFormat = 'text' | 'json'
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Written at once and in this process: the last line before an end is the one that matters. */
export function createLog(format: LogFormat, level: LogLevel): Log {
  const options = {
    level,
    base: null,
    timestamp: pinoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  }
  if (format === 'json') return pino(options, pino.destination({ dest: 1, sync: true }))
  const stream = pretty({
    destination: 1,
    sync: true,
    colorize: process.stdout.isTTY === true,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    singleLine: true,
  })
  return pino(options, stream)
}

const pinoTime = () => `,"time":"${new Date().toISOString()}"`

/**
 * Name, code and message. An error's other fields stay out, because some of Node's carry the bytes they stumbled over;
 * the stack is for faults of ours, which have no code.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: 'not an Error' }
  const { name, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const expected =
    code !== undefined || name === 'ApiError' || name === 'ConfigError' || name === 'NetworkError'
  return { name, ...(code && { code }), message, ...(expected ? {} : { stack }) }
}
