import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AtRestOptions } from '../../../../controller/keys/at-rest/options.ts'
import type { Provider, Wrapped } from '../../../../controller/keys/at-rest/provider.ts'
import { providersOf } from '../../../../controller/keys/at-rest/providers.ts'
import { createSeeds } from '../../../../controller/keys/at-rest/seeds.ts'
import { storedSeed } from '../../../../controller/keys/at-rest/stored.ts'
import { transitProvider } from '../../../../controller/keys/at-rest/transit/provider.ts'
import { connectVault } from '../../../../controller/keys/at-rest/transit/vault.ts'
import { optionsCommand } from '../../../../controller/options.ts'
import { startVault, type VaultDouble } from '../../../kms/vault.ts'

const seed = new Uint8Array(32).map((_, i) => 200 - i)
let vault: VaultDouble
let dir: string
let opened: Provider[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'transit-'))
  vault = await startVault()
  vault.createKey('waxwing')
  vault.tokens.add('root')
  opened = []
  await writeFile(join(dir, 'token'), 'root\n')
  await writeFile(join(dir, 'jwt'), 'jwt\n')
  await writeFile(join(dir, 'ca.crt'), vault.caPem)
})
afterEach(async () => {
  for (const provider of opened) provider.close()
  await vault.close()
  await rm(dir, { recursive: true })
})

function transit(flags: Record<string, string> = {}): Provider {
  const { vaultRole, ...others } = flags
  const options = {
    vaultAddr: vault.url,
    vaultMount: 'transit',
    vaultKey: 'waxwing',
    vaultAuthMount: 'kubernetes',
    vaultJwtFile: join(dir, 'jwt'),
    vaultCaFile: join(dir, 'ca.crt'),
    ...(vaultRole ? { vaultRole } : { vaultTokenFile: join(dir, 'token') }),
    ...others,
  }
  const provider = transitProvider(options, () => connectVault(options, 'test'))
  opened.push(provider)
  return provider
}

test('what it wraps it opens, for that key alone', async () => {
  const provider = transit()
  const wrapped = await provider.wrap(seed, 'wxone')
  expect(wrapped.by).toEqual({ provider: 'transit', mount: 'transit', key: 'waxwing', version: 1 })
  expect(new TextDecoder().decode(wrapped.bytes)).toMatch(/^vault:v1:/)
  expect(await provider.unwrap(wrapped, 'wxone')).toEqual(seed)
  await expect(provider.unwrap(wrapped, 'wxtwo')).rejects.toMatchObject({ code: 'refused' })
})

test('a derived key needs its context, which the record remembers', async () => {
  vault.createKey('derived', { derived: true })
  const provider = transit({ vaultKey: 'derived' })
  const wrapped = await provider.wrap(seed, 'wxone')
  expect(wrapped.by).toMatchObject({ derived: true })
  expect(await provider.unwrap(wrapped, 'wxone')).toEqual(seed)
})

test('a new version wraps, and the old one opens', async () => {
  const provider = transit()
  const old = await provider.wrap(seed, 'wx')
  expect((await provider.newest())(old.by)).toBe(true)
  vault.rotate('waxwing')
  expect((await provider.newest())(old.by)).toBe(false)
  expect(await provider.unwrap(old, 'wx')).toEqual(seed)
  expect((await provider.wrap(seed, 'wx')).by).toMatchObject({ version: 2 })
})

test('another transit key of that Vault is opened by the name in the record', async () => {
  vault.createKey('older')
  const wrapped = await transit({ vaultKey: 'older' }).wrap(seed, 'wx')
  const provider = transit()
  expect(await provider.unwrap(wrapped, 'wx')).toEqual(seed)
  expect((await provider.newest())(wrapped.by)).toBe(false)
})

test('a namespace goes along, and is part of the record', async () => {
  vault.namespace = 'team/a'
  const wrapped = await transit({ vaultNamespace: 'team/a' }).wrap(seed, 'wx')
  expect(wrapped.by).toMatchObject({ namespace: 'team/a' })
  expect(transit().opens(wrapped.by)).toBe(false)
})

describe('the token', () => {
  test('is read again when the file has another one', async () => {
    const provider = transit()
    await provider.newest()
    vault.tokens.clear()
    await expect(provider.newest()).rejects.toMatchObject({ code: 'refused', status: 403 })
    vault.tokens.add('second')
    await writeFile(join(dir, 'token'), 'second')
    await provider.newest()
  })

  test('comes from a login, once, and anew when it is refused', async () => {
    const provider = transit({ vaultRole: 'waxwing' })
    await Promise.all([provider.newest(), provider.newest()])
    const logins = () => vault.asked.filter((path) => path.endsWith('/login')).length
    expect(logins()).toBe(1)
    vault.tokens.clear()
    await provider.newest()
    expect(logins()).toBe(2)
  })

  test('of a login is not used to its last second', async () => {
    vault.login.leaseSeconds = 0.3
    const provider = transit({ vaultRole: 'waxwing' })
    await provider.newest()
    await new Promise((resolve) => setTimeout(resolve, 250))
    await provider.newest()
    expect(vault.asked.filter((path) => path.endsWith('/login'))).toHaveLength(2)
  })

  test.each([
    ['an unknown role', { vaultRole: 'other' }, 'login as other: 400'],
    ['no file', { vaultTokenFile: '/nowhere/token' }, 'the token file /nowhere/token cannot be read: ENOENT'],
  ])('with %s is a refusal that says so', async (_what, flags, why) => {
    const message = expect.stringContaining(why)
    await expect(transit(flags).newest()).rejects.toMatchObject({ code: 'refused', message })
  })
})

describe('what goes wrong', () => {
  test.each<[string, VaultDouble['broken'], string, string]>([
    ['sealed', 503, 'unavailable', '503, it is sealed, or down for maintenance'],
    ['busy', 429, 'unavailable', '429, it has too much to do'],
    ['behind', 412, 'unavailable', '412, this server is behind the others'],
    ['broken', 500, 'unavailable', '500, it has an error of its own'],
    ['not a Vault', 404, 'refused', '404, there is nothing at this path: look at mount, key and namespace'],
    ['a standby', 307, 'refused', '307, it sends us elsewhere: give the address of the active server'],
  ])('%s', async (_what, status, code, why) => {
    vault.broken = status
    const provider = transit()
    await expect(provider.newest()).rejects.toMatchObject({
      code,
      message: `Vault at ${vault.url}: read transit/keys/waxwing: ${why}`,
    })
  })

  test('nobody listens, or it is another one', async () => {
    await vault.close()
    await expect(transit().newest()).rejects.toMatchObject({ code: 'unavailable' })
    vault = await startVault()
    await expect(transit().newest()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not answer'),
    })
    expect(vault.asked).toEqual([])
  })

  test('a version that may not be used any more, a key that is gone, a type that does not fit', async () => {
    const provider = transit()
    const old = await provider.wrap(seed, 'wx')
    vault.rotate('waxwing')
    const key = vault.keys.get('waxwing')
    if (key) key.minDecryption = 2
    const why = (wrapped: Wrapped) => provider.unwrap(wrapped, 'wx').catch((error: Error) => error.message)
    expect(await why(old)).toContain('version 1 of the transit key transit/waxwing, which has 2 to 2')
    vault.createKey('waxwing', { type: 'rsa-4096' })
    await expect(provider.wrap(seed, 'wx')).rejects.toThrow('is of a type that cannot wrap a seed')
    vault.keys.clear()
    expect(await why(old)).toContain('which wrapped the seed, is not there any more')
    await expect(provider.wrap(seed, 'wx')).rejects.toMatchObject({ status: 404 })
  })

  test('a ciphertext that is not what its record says is not even sent', async () => {
    const provider = transit()
    const wrapped = await provider.wrap(seed, 'wx')
    const asked = vault.asked.length
    const by = { ...wrapped.by, version: 7 } as typeof wrapped.by
    await expect(provider.unwrap({ ...wrapped, by }, 'wx')).rejects.toMatchObject({ code: 'refused' })
    expect(vault.asked).toHaveLength(asked)
  })

  test('no message has the seed, a token or a ciphertext in it', async () => {
    const provider = transit()
    const wrapped = await provider.wrap(seed, 'wx')
    const secrets = ['root', Buffer.from(seed).toString('base64'), new TextDecoder().decode(wrapped.bytes)]
    for (const broken of [400, 403, 404, 429, 500, 503]) {
      vault.broken = broken
      for (const call of [() => provider.wrap(seed, 'wx'), () => provider.unwrap(wrapped, 'wx')]) {
        const message = await call().catch((error: Error) => error.message)
        expect(message).toContain(String(broken))
        for (const secret of secrets) expect(message).not.toContain(secret)
      }
    }
  })
})

describe('from one Vault to another', () => {
  const keyId = 'wx'
  let other: VaultDouble
  const flags = (...names: string[]) => optionsCommand().parse(names, { from: 'user' }).opts<AtRestOptions>()
  const vaultFlags = ({ url }: VaultDouble, prefix: string, ca: string) => [
    ...[`--${prefix}-addr`, url, `--${prefix}-token-file`, join(dir, 'token')],
    ...[`--${prefix}-ca-file`, join(dir, ca)],
  ]
  const seedsOf = (...names: string[]) => {
    const providers = providersOf(flags(...names), 'test')
    opened.push(...providers.all)
    return createSeeds(providers)
  }
  const asStored = async (stored: Awaited<ReturnType<ReturnType<typeof createSeeds>['store']>>) =>
    storedSeed({ metadata: { name: 'k' }, data: { ...stored.data } })

  beforeEach(async () => {
    other = await startVault()
    other.createKey('waxwing')
    other.tokens.add('root')
    await writeFile(join(dir, 'other.crt'), other.caPem)
  })
  afterEach(() => other.close())

  test('both have a key of that name: the old one opens, the new one wraps, and then it is enough', async () => {
    const old = vaultFlags(vault, 'vault', 'ca.crt')
    const wrapped = await asStored(await seedsOf(...old).store(seed, keyId))
    const target = vaultFlags(other, 'vault', 'other.crt')
    const moving = seedsOf(...target, ...vaultFlags(vault, 'vault-decrypt', 'ca.crt'))
    expect(await moving.open(wrapped, keyId)).toEqual(seed)
    expect(await moving.standing(wrapped, keyId)).toBe('elsewhere')
    const moved = await asStored(await moving.store(seed, keyId))
    expect(await moving.standing(moved, keyId)).toBe('current')
    const after = seedsOf(...target)
    expect(await after.open(moved, keyId)).toEqual(seed)
    await expect(after.open(wrapped, keyId)).rejects.toMatchObject({ code: 'refused' })
    expect(vault.asked.filter((line) => line.includes('encrypt'))).toHaveLength(1)
  })

  test('the old one is away: that is said, and nothing is taken for lost', async () => {
    const old = vaultFlags(vault, 'vault', 'ca.crt')
    const wrapped = await asStored(await seedsOf(...old).store(seed, keyId))
    const both = seedsOf(
      ...vaultFlags(other, 'vault', 'other.crt'),
      ...vaultFlags(vault, 'vault-decrypt', 'ca.crt'),
    )
    vault.broken = 503
    await expect(both.open(wrapped, keyId)).rejects.toMatchObject({ code: 'unavailable' })
    vault.broken = undefined
    expect(await both.ask(wrapped, keyId)).toEqual(seed)
  })

  test('of two namespaces each is asked for its own alone', async () => {
    vault.namespace = 'team/a'
    const one = vaultFlags(vault, 'vault', 'ca.crt')
    const wrapped = await asStored(await seedsOf(...one, '--vault-namespace', 'team/a').store(seed, keyId))
    await expect(seedsOf(...one).open(wrapped, keyId)).rejects.toThrow('in the namespace team/a, and neither')
    const asked = other.asked.length
    const both = seedsOf(
      ...vaultFlags(other, 'vault', 'other.crt'),
      ...vaultFlags(vault, 'vault-decrypt', 'ca.crt'),
      ...['--vault-decrypt-namespace', 'team/a'],
    )
    expect(await both.open(wrapped, keyId)).toEqual(seed)
    expect(other.asked).toHaveLength(asked)
  })
})
