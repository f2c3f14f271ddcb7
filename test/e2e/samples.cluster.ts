import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlPlaneDir } from '../controlplane/build.mjs'
import { must, run } from '../support/programs.ts'
import { findingsOf, fixtures, type Sample } from '../unit/shared/check/samples.ts'
import { sshSamples } from '../unit/shared/check/types/ssh-samples.ts'
import { tlsSamples } from '../unit/shared/check/types/tls-samples.ts'

// The samples of the checks, made anew by openssl and ssh-keygen, and shown to these tools themselves.

let dir: string
let made: { tls: Sample[]; ssh: Sample[] }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waxwing-samples-'))
  await must(run('bash', [join(fixtures, 'make.sh'), dir]))
  made = { tls: tlsSamples(join(dir, 'tls')), ssh: sshSamples(join(dir, 'ssh')) }
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const value = (sample: Sample, key: string) => sample.secret.data.get(key) ?? new Uint8Array()
const has = (sample: Sample, ...codes: string[]) =>
  sample.found.some((line) => codes.some((code) => line.split(' ')[1] === code))

test('files made today give the findings of those that are committed', () => {
  for (const sample of [...made.tls, ...made.ssh])
    expect(findingsOf(sample), sample.what).toEqual(sample.found)
})

describe('ssh-keygen', () => {
  /** What only some versions refuse, or what it reads and we advise against. */
  const lenient = ['pem-junk', 'ssh-key-pkcs8']

  test('reads every key that we have nothing against, and none of the others', async () => {
    for (const sample of made.ssh.filter((one) => !has(one, ...lenient))) {
      const file = join(dir, 'key')
      await rm(file, { force: true })
      await writeFile(file, value(sample, 'ssh-privatekey'), { mode: 0o600 })
      const { code } = await run('ssh-keygen', ['-y', '-P', '', '-f', file])
      expect(code === 0, sample.what).toBe(sample.found.length === 0)
    }
  })
})

describe('openssl', () => {
  const opensslReads = async (args: string[], input: Uint8Array) =>
    (await run('openssl', [...args, '-noout'], { input })).code === 0

  test('reads every key that we have nothing against', async () => {
    for (const sample of made.tls.filter(({ found }) => found.length === 0)) {
      expect(await opensslReads(['pkey', '-passin', 'pass:'], value(sample, 'tls.key')), sample.what).toBe(
        true,
      )
      expect(await opensslReads(['x509'], value(sample, 'tls.crt')), sample.what).toBe(true)
    }
  })

  test('reads no key that we take for none', async () => {
    const bad = made.tls.filter((one) =>
      one.found.some((line) => /^fail (tls-key|tls-key-encrypted|pem-\w+) tls.key/.test(line)),
    )
    expect(bad.length).toBeGreaterThan(6)
    for (const sample of bad)
      expect(await opensslReads(['pkey', '-passin', 'pass:'], value(sample, 'tls.key')), sample.what).toBe(
        false,
      )
  })

  test('verifies every chain that we have nothing against, and none with a gap', async () => {
    const verify = async (sample: Sample) => {
      const file = join(dir, 'chain.pem')
      await writeFile(file, value(sample, 'tls.crt'))
      const root = join(dir, 'tls/root.crt')
      return (await run('openssl', ['verify', '-CAfile', root, '-untrusted', file, file])).code === 0
    }
    const bundles = made.tls.filter((one) => /\bchain\b|authorities/.test(one.what) && one.found.length === 0)
    expect(bundles.length).toBeGreaterThan(2)
    for (const sample of bundles) expect(await verify(sample), sample.what).toBe(true)
    const gap = made.tls.find(({ what }) => what === 'a gap')
    expect(gap && (await verify(gap))).toBe(false)
  })
})

describe("kubectl, with Go's eyes", () => {
  test('makes a Secret of every pair that we have nothing against, and none of those that do not fit', async () => {
    const program = join(await controlPlaneDir(), 'controlplane')
    const [crt, key] = [join(dir, 'pair.crt'), join(dir, 'pair.key')]
    const create = [
      'kubectl',
      'create',
      'secret',
      'tls',
      'pair',
      '--cert',
      crt,
      '--key',
      key,
      '--dry-run=client',
    ]
    const refused = [
      'tls-key-mismatch',
      'tls-key',
      'tls-key-encrypted',
      'pem-missing',
      'pem-broken',
      'pem-flattened',
    ]
    const env = { ...process.env, HOME: dir, KUBECONFIG: join(dir, 'none') }
    for (const sample of made.tls.filter((one) => one.found.length === 0 || has(one, ...refused))) {
      await writeFile(crt, value(sample, 'tls.crt'))
      await writeFile(key, value(sample, 'tls.key'))
      const { code } = await run(program, create, { env })
      expect(code === 0, sample.what).toBe(sample.found.length === 0)
    }
  })
})
