import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canary, expectNoCanary } from '../support/canary.ts'
import { type Controller, must, run, startController, until, waxwing } from '../support/programs.ts'
import { openFromBitnami } from './bitnami-value.ts'
import {
  BITNAMI_KEY,
  bringBitnami,
  createSealed,
  NAMESPACES,
  sealMore,
  writeNamespaces,
} from './disaster-repository.ts'
import { type Site, startSite } from './support.ts'

// A cluster is lost whole: etcd, API server and all that was in them. What is left is a git repository and a backup of the
// keys, and from these a new cluster gets every Secret back, to the byte. The tests build on each other.

const SYSTEM = 'waxwing-system'
const SEALED = 'sealedsecrets.waxwing.dev'
const PASSPHRASE = 'six words that dice have drawn'
const value = canary()

/** What outlives the clusters: the remote repository, the backups, the recovery key. */
let safe: string
let site: Site | undefined
let controller: Controller | undefined
let seeds: Buffer[]
let keysBefore: KeySecret[]
let secretsBefore: Held[]
/** Of the lost cluster: the retired key and the one that was sealed to. */
let ids: { retired: string; newest: string }

beforeAll(async () => {
  safe = await mkdtemp(join(tmpdir(), 'waxwing-safe-'))
  await must(run('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(safe, 'remote.git')]))
  await writeFile(join(safe, 'pass'), `${PASSPHRASE}\n`)
  await writeFile(join(safe, 'other-pass'), 'six words that nobody has drawn\n')
  await writeFile(
    join(safe, 'recovery.pub'),
    await keys('generate', '--name', 'recovery', '--seed-out', 'recovery.seed'),
  )
}, 20 * 60_000)
afterAll(async () => {
  await lose()
  await rm(safe, { recursive: true, force: true })
})

async function lose(): Promise<void> {
  await controller?.end('SIGKILL')
  controller = undefined
  await site?.stop()
  site = undefined
}

const here = (): Site => {
  if (!site) throw new Error('there is no cluster')
  return site
}

/** `waxwing keys`, where the backups are, on the cluster that there is; neither value nor seed may be in what it says. */
async function attempt(...args: string[]) {
  const env = { ...process.env, KUBECONFIG: site?.plane.kubeconfig ?? '' }
  const result = await waxwing(['keys', ...args], { cwd: safe, env })
  expectNothingSecret(result.stdout + result.stderr, `keys ${args.join(' ')}`)
  return result
}
const keys = (...args: string[]) => must(attempt(...args))

function expectNothingSecret(text: string, where: string): void {
  expectNoCanary(text, where, [value])
  for (const seed of seeds ?? [])
    for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const)
      expect(text.includes(seed.toString(form)), `a seed in ${form} in ${where}`).toBe(false)
}

async function start(...flags: string[]): Promise<void> {
  await controller?.end('SIGTERM')
  const started = startController(here().controllerKubeconfig, [
    ...['--log-format', 'json', '--lease-duration', '3', '--key-renew-every', '0'],
    ...flags,
  ])
  controller = started
  const address = await until('its address', async () => /"listen":"([^"]+)"/.exec(started.log())?.[1])
  await until('readiness', async () => (await fetch(`http://${address}/readyz`).catch(() => undefined))?.ok)
}

interface KeySecret {
  name: string
  type: string
  labels: Record<string, string>
  annotations: Record<string, string>
  data: Record<string, string>
}

interface KeyRow {
  id: string
  secret: string
  state: string
  newest: boolean
}

const listOf = async (...args: string[]) =>
  JSON.parse(await here().kubectl('get', ...args, '-o', 'json')).items

/** The key Secrets, ours and Bitnami's, as far as they are the same in every cluster. */
async function keySecrets(): Promise<KeySecret[]> {
  const items = await listOf('secrets', '-n', SYSTEM)
  return items.map(({ metadata, type, data }: { metadata: KeySecret; type: string; data: object }) => {
    const { name, labels = {}, annotations = {} } = metadata
    return { name, type, labels, annotations, data }
  })
}

/** Once the controller has published that many. */
const published = (count: number) =>
  until(`${count} published keys`, async () => {
    const { code, stdout } = await attempt('usage', '-o', 'json')
    const found = code === 0 ? (JSON.parse(stdout) as KeyRow[]) : []
    return found.length === count && found
  })

/** What the command has written into the cluster that there is. */
const writesOfOurs = async () =>
  (await here().plane.auditEvents())
    .filter(({ userAgent }) => userAgent.startsWith('waxwing/'))
    .map(({ verb, name }) => `${verb} ${name}`)

interface Held {
  namespace: string
  name: string
  type: string
  data: Record<string, string>
}

/** Every Secret that a SealedSecret has made. */
async function held(): Promise<Held[]> {
  const items = await listOf('secrets', '-A', '-l', 'waxwing.dev/managed-by=waxwing')
  return items.map(({ metadata, type, data }: { metadata: Held; type: string; data: object }) => {
    const { namespace, name } = metadata
    return { namespace, name, type, data }
  })
}

const path = (name: string) => join(here().repository, name)

/** What is in git, into the cluster that there is. */
async function applyRepository(): Promise<void> {
  await here().git('pull', '--quiet', join(safe, 'remote.git'), 'main')
  await here().kubectl('apply', '-f', path('namespaces.yaml'))
  for (const file of readdirSync(here().repository).filter((name) => name.endsWith('.sealed.yaml')))
    await here().kubectl('apply', '-f', path(file))
}

const allReady = (namespace: string) =>
  here().kubectl('wait', '--for=condition=Ready', SEALED, '--all', '-n', namespace, '--timeout=60s')

test('a cluster in use: a retired key and a newer one, a pair of Bitnami, Secrets of several types in git', async () => {
  site = await startSite()
  await start()
  await published(1)
  await writeFile(path('prod.key.yaml'), await keys('fetch'))
  await writeNamespaces(site)
  await here().kubectl('apply', '-f', path('namespaces.yaml'))
  await createSealed(site, value.text)
  // A newer key; the old one opens what is sealed by now.
  await start('--key-cutoff-time', new Date(Date.now() + 1000).toISOString().replace(/\.\d+Z$/, 'Z'))
  const [newest, retired] = await published(2)
  ids = { newest: newest?.id ?? '', retired: retired?.id ?? '' }
  await keys('retire', ids.retired, '--force', '--yes')
  await here().kubectl('annotate', 'secret', newest?.secret ?? '', '-n', SYSTEM, 'example.com/owner=sre')
  await writeFile(path('prod.key.yaml'), await keys('fetch', '--pin', ids.newest))
  await sealMore(site, value.text)
  await bringBitnami(site, SYSTEM, value.text)
  await here().git('add', '.')
  await here().git('commit', '--quiet', '-m', 'seal')
  await here().git('push', '--quiet', join(safe, 'remote.git'), 'main')
  await applyRepository()
  await Promise.all(NAMESPACES.map(allReady))
  keysBefore = await keySecrets()
  secretsBefore = await held()
  seeds = keysBefore.flatMap(({ data }) =>
    data.seed === undefined ? [] : [Buffer.from(data.seed, 'base64')],
  )
  expect(keysBefore.map(({ name }) => name)).toEqual([BITNAMI_KEY, 'waxwing-key-1', 'waxwing-key-2'])
  expect(seeds).toHaveLength(2)
  expect(secretsBefore.map(({ type }) => type).sort()).toEqual([
    'Opaque',
    'Opaque',
    'example.com/dsn',
    'kubernetes.io/basic-auth',
    'kubernetes.io/ssh-auth',
    'kubernetes.io/tls',
  ])
})

test('is backed up, by a passphrase and for a recovery key', async () => {
  await keys('backup', '--passphrase-file', 'pass', '--out', 'pass.backup')
  await keys('backup', '-k', 'recovery.pub', '--out', 'recovery.backup')
  for (const name of ['pass.backup', 'recovery.backup']) {
    const text = readFileSync(join(safe, name), 'utf8')
    expectNothingSecret(text, name)
    for (const { data } of keysBefore)
      for (const held of Object.values(data)) expect(text).not.toContain(held.slice(0, 40))
  }
})

test('and lost, with all that it kept', async () => {
  const { dir, server } = here().plane
  const repository = here().repository
  expectNothingSecret(controller?.log() ?? '', 'the log')
  await lose()
  for (const gone of [dir, repository]) expect(existsSync(gone)).toBe(false)
  await expect(fetch(server)).rejects.toThrow()
})

test('into a new cluster a wrong passphrase, a cut file and a strange key bring nothing, and say why', async () => {
  site = await startSite()
  const cut = readFileSync(join(safe, 'pass.backup')).subarray(0, -400)
  await writeFile(join(safe, 'cut.backup'), cut)
  await keys('generate', '--name', 'strange', '--seed-out', 'strange.seed')
  const refused = async (file: string, ...way: string[]) => {
    const { code, stdout, stderr } = await attempt('restore', file, '--yes', ...way)
    return [code, stdout, stderr.split('\n')[0]]
  }
  expect(await refused('pass.backup', '--passphrase-file', 'other-pass')).toEqual([
    1,
    '',
    'error   pass.backup: the passphrase is not the one that it was made with [backup-passphrase]',
  ])
  // The right passphrase does not help, and is not blamed.
  expect(await refused('cut.backup', '--passphrase-file', 'pass')).toEqual([
    1,
    '',
    'error   cut.backup: is cut off: its end is missing [backup-damaged]',
  ])
  expect(await refused('recovery.backup', '--seed', 'strange.seed')).toEqual([
    1,
    '',
    'error   recovery.backup: none of the private keys at hand opens it [backup-recipient]',
  ])
  expect(await keySecrets()).toEqual([])
  expect(await writesOfOurs()).toEqual([])
})

test('the right passphrase brings every key, to the byte, as it was', async () => {
  await keys('restore', 'pass.backup', '--passphrase-file', 'pass', '--yes')
  expect(await keySecrets()).toEqual(keysBefore)
  expect((await writesOfOurs()).sort()).toEqual(keysBefore.map(({ name }) => `create ${name}`))
})

test('the controller finds its keys and makes none: the newest is sealed to, the retired one stays retired', async () => {
  await start()
  const keys = await published(2)
  expect(keys.map(({ id, state, newest }) => [id, state, newest])).toEqual([
    [ids.newest, 'active', true],
    [ids.retired, 'retired', false],
  ])
  expect(await keySecrets()).toEqual(keysBefore)
})

test('git gives every Secret back, to the byte', async () => {
  await applyRepository()
  await Promise.all(NAMESPACES.map(allReady))
  expect(await held()).toEqual(secretsBefore)
  expect(secretsBefore.some(({ data }) => data.password === Buffer.from(value.text).toString('base64'))).toBe(
    true,
  )
})

test('what was sealed for Bitnami opens by the pair that came back', async () => {
  const { spec } = load(readFileSync(path('bitnami.json'), 'utf8')) as {
    spec: { encryptedData: { password: string } }
  }
  const pair = (await keySecrets()).find(({ name }) => name === BITNAMI_KEY)
  const pem = Buffer.from(pair?.data['tls.key'] ?? '', 'base64').toString()
  expect(openFromBitnami(pem, 'shop/old', spec.encryptedData.password)).toBe(value.text)
})

test('a third cluster, whose controller has a key of its own and waits for the old ones, has them at once', async () => {
  await lose()
  site = await startSite()
  await start()
  const [own] = await published(1)
  await applyRepository()
  await until('no key', async () => {
    const items = await listOf(SEALED, '-n', 'shop')
    const reasons = items.map(
      ({ status }: { status?: { conditions?: { type: string; reason: string }[] } }) =>
        status?.conditions?.find(({ type }) => type === 'Ready')?.reason,
    )
    return reasons.length > 0 && reasons.every((reason: string | undefined) => reason === 'NoKey')
  })
  expect(await held()).toEqual([])
  const restored = await attempt('restore', 'recovery.backup', '--seed', 'recovery.seed', '--yes')
  expect(restored.code, restored.stderr).toBe(0)
  const renamed = `waxwing-key-${ids.retired.slice(2, 10)}`
  expect(restored.stderr).toContain(`+ waxwing-key-1 → ${renamed}`)
  await Promise.all(NAMESPACES.map(allReady))
  expect(await held()).toEqual(secretsBefore)
  const names = (await keySecrets()).map(({ name }) => name)
  expect(names).toEqual([BITNAMI_KEY, 'waxwing-key-1', 'waxwing-key-2', renamed].sort())
  // Its own key is the newest there, and stays what people seal to.
  expect((await published(3)).find(({ newest }) => newest)?.id).toBe(own?.id)
  expectNothingSecret(controller?.log() ?? '', 'the log')
})
