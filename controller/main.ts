import './heap.ts'
import { randomBytes } from 'node:crypto'
import { AuditLogError, type LineWriter, openAuditFile } from './audit/file.ts'
import { stdoutLines } from './audit/stdout.ts'
import { atRestProblem } from './keys/at-rest/options.ts'
import { createLog } from './log.ts'
import { type Options, optionsCommand } from './options.ts'
import { run } from './run.ts'

const command = optionsCommand().configureOutput({ writeErr: (text) => process.stderr.write(text) })
command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
command.parse()
const options = command.opts<Options>()
const problem = atRestProblem(options)
if (problem !== undefined) command.error(`error: ${problem}`)
const audit = auditWriter(options.auditLog)
const log = createLog(options.logFormat, options.logLevel)
const stop = new AbortController()

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(1)
    log.info({ signal }, 'stopping')
    stop.abort()
  })

process.on('unhandledRejection', fail)
process.on('uncaughtException', fail)

function auditWriter(to: string | undefined): LineWriter | undefined {
  if (to === undefined || to === '') return undefined
  try {
    return to === '-' ? stdoutLines() : openAuditFile(to)
  } catch (error) {
    return command.error(`error: --audit-log: ${error instanceof AuditLogError ? error.message : 'fault'}`)
  }
}

function fail(error: unknown): void {
  log.error({ err: error }, 'ending after an error')
  process.exit(1)
}

run(options, {
  log,
  audit,
  signal: stop.signal,
  now: Date.now,
  clock: () => performance.now(),
  random: Math.random,
  randomBytes: (size) => new Uint8Array(randomBytes(size)),
}).then(() => {
  log.info({}, 'stopped')
  process.exit(0)
}, fail)
