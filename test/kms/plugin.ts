import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program } from '../controlplane/process.ts'
import { goProgram } from '../support/go.ts'
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
  const binary = await goProgram('kms', source)
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
