// Runs one command of the CLI after another, each as if it had a process of its own: with the descriptors, the arguments, the
// environment and the folder of a process that stands for it and waits (see client.ts), and with all of our modules evaluated
// anew; only the packages beside the program stay loaded. A command begins when nothing else is left, and it ends as a
// process would: when there is nothing more to wait for, by `process.exit`, or by an error that nobody caught.
import { closeSync, constants, createReadStream, openSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const { O_RDONLY, O_WRONLY, O_APPEND } = constants
const [, , program] = process.argv
const main = join(dirname(program), 'cli/main.cjs')
const source = readFileSync(main, 'utf8').replace(/^#!/, '//')
const evaluate = new Script(`(function (require, module, exports) {${source}\n})`, { filename: main })
const require = createRequire(main)

let running = false
let stdin

process.on('message', (id) => {
  running = true
  process.channel.unref()
  become(id)
  const module = { exports: {} }
  evaluate.runInThisContext()(require, module, module.exports)
})
// The tests are over, or were ended; a command that has something to clear away does so at this signal.
process.on('disconnect', () => running && process.kill(process.pid, 'SIGTERM'))
const ours = process.eventNames()

process.on('beforeExit', () => {
  if (!running) return // nor is there anybody to wait for: the tests are over
  process.channel.ref()
  if (stdin && !stdin.closed) stdin.once('close', finish).destroy()
  else finish()
})

function finish() {
  running = false
  process.emit('exit', process.exitCode ?? 0)
  const code = process.exitCode ?? 0
  leave()
  process.send(code)
}

function become(id) {
  const list = (name) => readFileSync(`/proc/${id}/${name}`, 'utf8').split('\0').slice(0, -1)
  const [, , ...args] = list('cmdline') // the shell and its script
  process.argv = [process.execPath, program, ...args]
  for (const name of Object.keys(process.env)) delete process.env[name]
  for (const pair of list('environ'))
    process.env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1)
  process.chdir(`/proc/${id}/cwd`)
  process.umask(/^Umask:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1])
  for (const descriptor of [0, 1, 2])
    reopen(descriptor, `/proc/${id}/fd/${descriptor + 5}`, descriptor === 0 ? O_RDONLY : O_WRONLY | O_APPEND)
  stdin = undefined
  process.exitCode = undefined
}

/** Before the answer: who reads the output waits for its last writer. */
function leave() {
  for (const descriptor of [0, 1, 2]) reopen(descriptor, '/dev/null', descriptor === 0 ? O_RDONLY : O_WRONLY)
  process.chdir('/')
  for (const name of process.eventNames())
    if (!ours.includes(name) && name !== 'beforeExit') process.removeAllListeners(name)
}

/** The lowest free descriptor is the next to be given out. */
function reopen(descriptor, path, flags) {
  try {
    closeSync(descriptor)
  } catch {} // the stream of it has closed it
  const given = openSync(path, flags)
  if (given !== descriptor) throw new Error(`descriptor ${given} instead of ${descriptor}`)
}

// As the runtime makes it, but for each command.
Object.defineProperty(process, 'stdin', {
  get() {
    stdin ??= statSync('/proc/self/fd/0').isFIFO()
      ? new Socket({ fd: 0, readable: true, writable: false, manualStart: true })
      : createReadStream('', { fd: 0 })
    return stdin
  },
})
