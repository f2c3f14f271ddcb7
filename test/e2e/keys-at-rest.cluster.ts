import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectKms } from '../../controller/keys/at-rest/kms/client.ts'
import { kmsProvider } from '../../controller/keys/at-rest/kms/provider.ts'
import { readWrappedBy } from '../../controller/keys/at-rest/wrapped-by.ts'
import { type KmsPlugin, startKmsPlugin } from '../kms/plugin.ts'
import { startVault, type VaultDouble } from '../kms/vault.ts'
import { canary } from '../support/canary.ts'
import { type Controller, startController, until } from '../support/programs.ts'
import { type Site, startSite } from './support.ts'

// One sealing key on its way from a KMS to transit and back to plain: it stays the same key, each step of the way opens,
// and etcd holds its seed only at the end. The tests build on each other.

const SYSTEM = 'waxwing-system'
const KEY = 'waxwing-key-1'
let site: Site
let kms: KmsPlugin
let vault: VaultDouble
let controller: (Controller & { get(path: string): Promise<Response> }) | undefined
let keyId: string
let seed: Buffer
let objects = 0

beforeAll(async () => {
  site = await startSite()
  kms = await startKmsPlugin()
  vault = await startVault()
  vault.createKey('waxwing')
  vault.tokens.add('token')
  await writeFile(join(site.repository, 'token'), 'token')
  await writeFile(join(site.repository, 'ca.crt'), vault.caPem)
  await site.kubectl('create', 'namespace', 'shop')
}, 20 * 60_000)

afterEach(async () => {
  await kms.behave()
})
afterAll(async () => {
  await controller?.end('SIGKILL')
  await kms?.remove()
  await vault?.close()
  await site?.stop()
})

const withKms = () => ['--kms', kms.address]
const withVault = () => [
  ...['--vault-addr', vault.url, '--vault-token-file', join(site.repository, 'token')],
  ...['--vault-ca-file', join(site.repository, 'ca.crt')],
]

async function restart(...flags: string[]): Promise<NonNullable<typeof controller>> {
  await controller?.end('SIGTERM')
  const started = startController(site.controllerKubeconfig, [
    ...['--log-format', 'json', '--lease-duration', '3', '--at-rest-check', '1'],
    ...flags,
  ])
  const address = await until('its address', async () => /"listen":"([^"]+)"/.exec(started.log())?.[1])
  controller = { ...started, get: (path) => fetch(`http://${address}${path}`) }
  return controller
}

const ready = (): Promise<unknown> =>
  until('readiness', async () => (await controller?.get('/readyz').catch(() => undefined))?.ok)

/** Seals to the published key and waits for what the controller makes of it. */
async function sealsAndOpens(): Promise<void> {
  const name = await apply()
  await opened(name)
}

async function apply(): Promise<string> {
  objects += 1
  const name = `db-${objects}`
  const secret = `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, namespace: shop}, stringData: {a: "${name}"}}\n`
  await writeFile(join(site.repository, `${name}.yaml`), secret)
  if (objects === 1) await writeFile(join(site.repository, 'k.yaml'), await site.waxwing('keys', 'fetch'))
  await site.apply(await site.waxwing('seal', '-k', 'k.yaml', `${name}.yaml`))
  return name
}

async function opened(name: string): Promise<void> {
  const value = Buffer.from(name).toString('base64')
  await until(
    `the Secret ${name}`,
    async () => (await site.field(`secret/${name}`, 'shop', '{.data.a}')) === value,
  )
}

async function stored(): Promise<{ data: Record<string, string>; form: string | undefined }> {
  const { items } = JSON.parse(
    await site.kubectl('get', 'secrets', '-n', SYSTEM, '-l', 'waxwing.dev/sealing-key', '-o', 'json'),
  )
  expect(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual([KEY])
  return { data: items[0].data, form: items[0].metadata.annotations?.['waxwing.dev/at-rest'] }
}

const by = async () => readWrappedBy((await stored()).data.wrappedBy ?? '')
const timesWritten = async () => (await site.plane.timesWritten('secrets', SYSTEM)).get(KEY)

/** Whether the files of etcd, its log of writes included, hold these bytes as they are or in base64. */
async function etcdHolds(bytes: Buffer): Promise<boolean> {
  const folder = join(site.plane.dir, 'etcd')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  )
  // Where base64 begins in the middle of three bytes, its inner part is the same for each of the three beginnings.
  const texts = [0, 1, 2].map((skip) => {
    const whole = bytes.subarray(skip, skip + 3 * Math.floor((bytes.length - skip) / 3))
    return Buffer.from(whole.toString('base64'))
  })
  return files.some((file) => [bytes, ...texts].some((text) => file.includes(text)))
}

/** What the plugin gives for what stands in the Secret. */
async function unwrapped(): Promise<Buffer> {
  const provider = kmsProvider(kms.address, async (what) => connectKms(kms.address, what))
  const wrappedBy = await by()
  if (typeof wrappedBy !== 'object') throw new Error('not wrapped')
  const bytes = new Uint8Array(Buffer.from((await stored()).data.wrappedSeed ?? '', 'base64'))
  return Buffer.from(await provider.unwrap({ bytes, by: wrappedBy }, keyId).finally(provider.close))
}

test('with a KMS the first key is wrapped before it is written, and etcd never holds its seed', async () => {
  await restart(...withKms())
  await ready()
  await sealsAndOpens()
  const { data, form } = await stored()
  expect([form, Object.keys(data).sort()]).toEqual(['kms', ['public', 'wrappedBy', 'wrappedSeed']])
  expect(await by()).toMatchObject({ provider: 'kms-v2', keyId: 'key-1' })
  keyId = /id: (wx\w+)/.exec(Buffer.from(data.public ?? '', 'base64').toString())?.[1] ?? ''
  seed = await unwrapped()
  expect(seed).toHaveLength(32)
  const control = canary()
  await site.kubectl(
    'create',
    'secret',
    'generic',
    'control',
    '-n',
    'shop',
    `--from-literal=a=${control.text}`,
  )
  expect(await etcdHolds(Buffer.from(control.text))).toBe(true)
  expect(await etcdHolds(seed)).toBe(false)
})

test('the KMS goes: open keys go on', async () => {
  await kms.kill()
  await sealsAndOpens()
  expect((await controller?.get('/readyz'))?.status).toBe(200)
})

test('the KMS is away at the start: not ready, says why, shows the key, makes none, and goes on by itself', async () => {
  const { get, log } = await restart(...withKms())
  const words = await until('the words', async () => {
    const text = await (await get('/readyz')).text()
    return text.includes('wrapped') && text
  })
  expect(words).toMatch(/^not ready: /)
  const name = await apply()
  expect(await (await get('/v1/keys')).text()).toContain(keyId)
  await until('more than one attempt', async () => log().includes('no sealing key yet'))
  await stored()
  await kms.start()
  await ready()
  await opened(name)
})

test('a new key_id wraps anew, with one write, and the old KMS key may go', async () => {
  const before = (await timesWritten()) ?? 0
  await kms.rotate()
  await until('the new key_id', async () => {
    const wrappedBy = await by()
    return typeof wrappedBy === 'object' && wrappedBy.provider === 'kms-v2' && wrappedBy.keyId === 'key-2'
  })
  await new Promise((resolve) => setTimeout(resolve, 2_500)) // two more looks
  expect(await timesWritten()).toBe(before + 1)
  await kms.forget()
  expect(await unwrapped()).toEqual(seed)
  await restart(...withKms())
  await ready()
  await sealsAndOpens()
})

test('from the KMS to transit: only when asked; then the KMS is not needed any more', async () => {
  await restart(...withKms(), ...withVault(), '--at-rest', 'transit')
  await ready()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await stored()).form).toBe('kms')
  await site.waxwing('keys', 'rewrap-at-rest')
  const { data, form } = await stored()
  expect([form, Object.keys(data).sort()]).toEqual(['transit', ['public', 'wrappedBy', 'wrappedSeed']])
  await kms.kill()
  await restart(...withVault())
  await ready()
  await sealsAndOpens()
  expect(await etcdHolds(seed)).toBe(false)
})

test('a new version of the transit key wraps anew, and the old version may go', async () => {
  vault.rotate('waxwing')
  await until(
    'version 2',
    async () => (await by()) !== 'unknown' && JSON.stringify(await by()).includes('"version":2'),
  )
  const key = vault.keys.get('waxwing')
  if (key) key.minDecryption = 2
  await restart(...withVault())
  await ready()
  await sealsAndOpens()
  expect(await etcdHolds(seed)).toBe(false)
})

test('from that Vault to another one with a key of the same name, without plain or a KMS in between', async () => {
  const [former, flags] = [vault, withVault()]
  vault = await startVault()
  vault.createKey('waxwing')
  vault.tokens.add('token')
  await writeFile(join(site.repository, 'former.crt'), former.caPem)
  await writeFile(join(site.repository, 'ca.crt'), vault.caPem)
  const decrypt = flags.map((flag) =>
    flag.endsWith('ca.crt')
      ? join(site.repository, 'former.crt')
      : flag.replace('--vault-', '--vault-decrypt-'),
  )
  await restart(...withVault(), ...decrypt)
  await ready()
  const before = await timesWritten()
  await site.waxwing('keys', 'rewrap-at-rest')
  expect(await timesWritten()).toBe((before ?? 0) + 2) // the request, and its fulfilment
  expect(vault.asked.some((line) => line.includes('encrypt/waxwing'))).toBe(true)
  await former.close()
  await restart(...withVault())
  await ready()
  await sealsAndOpens()
  expect(await etcdHolds(seed)).toBe(false)
})

test('back to plain; then nobody is needed, and etcd holds the very seed that it did not hold before', async () => {
  await restart(...withVault(), '--at-rest', 'plain')
  await ready()
  await site.waxwing('keys', 'rewrap-at-rest')
  expect(Object.keys((await stored()).data).sort()).toEqual(['public', 'seed'])
  expect((await stored()).data.seed).toBe(seed.toString('base64'))
  await restart()
  await ready()
  await sealsAndOpens()
  expect(await etcdHolds(seed)).toBe(true)
})

test('from plain to the KMS: a warning until it is asked for', async () => {
  await kms.start()
  const { log } = await restart(...withKms())
  await ready()
  await until('the warning', async () => log().includes('is stored in plain, though --at-rest is kms'))
  expect((await stored()).form).toBe('plain')
  await site.waxwing('keys', 'rewrap-at-rest')
  expect(await unwrapped()).toEqual(seed)
  await sealsAndOpens()
  expect(log()).not.toContain(seed.toString('base64'))
})
