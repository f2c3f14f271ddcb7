import './heap.ts'
import { randomBytes } from 'node:crypto'
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

function fail(error: unknown): void {
  log.error({ err: error }, 'ending after an error')
  process.exit(1)
}

run(options, {
  log,
  signal: stop.signal,
  now: Date.now,
  clock: () => performance.now(),
  random: Math.random,
  randomBytes: (size) => new Uint8Array(randomBytes(size)),
}).then(() => {
  log.info({}, 'stopped')
  process.exit(0)
}, fail)
