import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { program } from '../controlplane/process.ts'
import { until } from '../support/programs.ts'

const source = join(import.meta.dirname, 'go')

/** A KMS v2 plugin on the API server's own library, which a test drives by the file that it reads (go/main.go). */
export interface KmsPlugin {
  /** `unix:///…` */
  address: string
  /** A new key, which wraps from now on. */
  rotate(): Promise<void>
  /** Forgets all keys but the newest. */
  forget(): Promise<void>
  /** Lines beside the keys: `hang`, `lie`, `healthz TEXT`, `version TEXT`. */
  behave(...lines: string[]): Promise<void>
  start(): Promise<void>
  kill(): Promise<void>
  /** For good. */
  remove(): Promise<void>
}

/** Starts one, with one key. */
export async function startKmsPlugin(): Promise<KmsPlugin> {
  const binary = await built()
  // Short: the path of a socket has 107 bytes.
  const dir = await mkdtemp(join(tmpdir(), 'kms-'))
  const [socket, keyFile] = [join(dir, 'kms.sock'), join(dir, 'keys')]
  const process = program(binary, [socket, keyFile], join(dir, 'log'), dir)
  let keys: string[] = []
  let behaviour: string[] = []
  let count = 0

  async function write(): Promise<void> {
    await writeFile(`${keyFile}.new`, [...behaviour, ...keys].map((line) => `${line}\n`).join(''))
    await rename(`${keyFile}.new`, keyFile)
  }

  const plugin: KmsPlugin = {
    address: `unix://${socket}`,
    async rotate() {
      count += 1
      keys.push(`key-${count} ${randomBytes(32).toString('hex')}`)
      await write()
    },
    async forget() {
      keys = keys.slice(-1)
      await write()
    },
    async behave(...lines) {
      behaviour = lines
      await write()
    },
    async start() {
      await rm(socket, { force: true })
      process.start()
      await until('the socket of the KMS plugin', async () => existsSync(socket))
    },
    kill: () => process.kill('SIGKILL'),
    async remove() {
      await process.kill('SIGKILL')
      await rm(dir, { recursive: true, force: true })
    },
  }
  await plugin.rotate()
  await plugin.start()
  return plugin
}

/** The path of the Go program; builds it when this machine has not got it yet. */
async function built(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(await readFile(join(source, file)))
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waxwing')
  const binary = join(cache, `kms-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(binary)) return binary
  await mkdir(cache, { recursive: true })
  // Beside its final place: a rename across file systems would not be atomic.
  const unfinished = await mkdtemp(join(cache, 'building-'))
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' }
    const args = ['build', '-mod=readonly', '-trimpath', '-o', join(unfinished, 'kms'), '.']
    await promisify(execFile)('go', args, { cwd: source, env })
    await rename(join(unfinished, 'kms'), binary)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return binary
}
