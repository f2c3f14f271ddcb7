import { X509Certificate } from 'node:crypto'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Listening, listen } from '../../../controller/http/server.ts'
import { followPair, readPair } from '../../../controller/http/tls.ts'
import { selfSigned } from '../../../shared/sandbox/server/certificate.ts'
import { until } from '../../support/programs.ts'
import { memoryLog } from './world.ts'

let dir: string
let files: { cert: string; key: string }
let log: ReturnType<typeof memoryLog>
let end: AbortController
let server: Listening | undefined
const [one, two] = [selfSigned(new Date()), selfSigned(new Date())]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waxwing-tls-'))
  files = { cert: join(dir, 'tls.crt'), key: join(dir, 'tls.key') }
  log = memoryLog()
  end = new AbortController()
})
afterEach(async () => {
  end.abort()
  await server?.close()
  server = undefined
  await rm(dir, { recursive: true, force: true })
})

async function put(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

async function start(): Promise<void> {
  await put(files.cert, one.cert)
  await put(files.key, one.key)
  const pair = await readPair(files)
  server = await listen((_request, response) => response.end('ok'), { host: '127.0.0.1', port: 0 }, pair)
  followPair(files, pair, { use: server.renew, log, signal: end.signal, everyMs: 10 })
}

const port = () => Number(server?.address.split(':')[1])

function shake(options: object = {}): Promise<{ serial: string; protocol: string }> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      { port: port(), host: '127.0.0.1', rejectUnauthorized: false, ...options },
      () => {
        const serial = new X509Certificate(socket.getPeerCertificate().raw).serialNumber
        resolve({ serial, protocol: socket.getProtocol() ?? '' })
        socket.destroy()
      },
    )
    socket.on('error', reject)
  })
}
const serialOf = ({ cert }: { cert: string }) => new X509Certificate(cert).serialNumber
const errors = () => log.lines.filter(({ level }) => level === 'error')

test('answers over TLS, from 1.2 on', async () => {
  await start()
  const text = await new Promise((resolve, reject) =>
    get({ port: port(), host: 'localhost', family: 4, ca: one.cert, path: '/' }, (response) =>
      response.on('data', (chunk) => resolve(String(chunk))),
    ).on('error', reject),
  )
  expect(text).toBe('ok')
  expect((await shake()).protocol).toBe('TLSv1.3')
  expect((await shake({ maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
  await expect(
    shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ).rejects.toThrow()
})

test('takes a new pair without a restart; half of one keeps the old', async () => {
  await start()
  await put(files.cert, two.cert)
  await until('the complaint', async () => errors().length > 0)
  expect((await shake()).serial).toBe(serialOf(one))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(errors()).toHaveLength(1)
  await put(files.key, two.key)
  await until('the new one', async () => (await shake()).serial === serialOf(two))
  expect(log.lines.filter(({ message }) => message === 'took a new certificate')).toHaveLength(1)
  expect(JSON.stringify(log.lines)).not.toContain('PRIVATE')
})

test('a file that is gone or cut off keeps the old one', async () => {
  await start()
  await rm(files.key)
  await until('the complaint', async () => errors().length === 1)
  await put(files.key, one.key)
  await put(files.cert, two.cert.slice(0, 200))
  await until('another', async () => errors().length === 2)
  expect((await shake()).serial).toBe(serialOf(one))
})

describe('a pair is refused', () => {
  test.each([
    ['of two that do not belong together', one.cert, two.key, /tls\.key: not the key of/],
    ['cut off within the chain', `${one.cert}${two.cert.slice(0, 100)}`, one.key, /tls\.crt: .*cut off/],
    ['without a certificate', 'x', one.key, /tls\.crt: no certificates/],
    ['with another thing in it', `${one.cert}${one.key}`, one.key, /tls\.crt/],
    [
      'with a broken certificate',
      one.cert.replace(/\n[^-]{20}/, '\nAAAA'),
      one.key,
      /tls\.crt: not a certificate/,
    ],
    ['without a key', one.cert, 'canary', /tls\.key: not a private key/],
  ])('%s', async (_what, cert, key, words) => {
    await put(files.cert, cert)
    await put(files.key, key)
    const refused = readPair(files)
    await expect(refused).rejects.toThrow(words)
    await expect(refused).rejects.not.toThrow('canary')
  })
})
