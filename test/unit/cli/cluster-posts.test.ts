import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { sealedSecretObject, yamlText } from '../../../shared/format/write.ts'
import type { PrivateKey } from '../../../shared/keys/seed.ts'
import { selfSigned } from '../../../shared/sandbox/server/certificate.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'
import { readText, sealObject, seededRandom } from '../../support/objects.ts'
import { openShell, type Shell } from '../../support/shell.ts'
import { clusterKey, type PostsSite, retiredKey, startPosts, strangeKey } from '../controller/posts-site.ts'

// The CLI as a program, through the service proxy of the embedded API server, to a whole controller.

const kem = await chooseKem()
let posts: PostsSite
let shell: Shell
let seed = 70

beforeAll(async () => {
  posts = await startPosts()
})
afterAll(() => posts?.stop())
beforeEach(() => {
  shell = openShell()
  writeFileSync(join(shell.folder, 'config'), posts.sandbox.kubeconfig())
})
afterEach(() => {
  posts.allow(() => true)
  shell.remove()
})

const seal = async (keys: PrivateKey[], name = 'db') => {
  const sealed = await sealObject(kem, keys, new Map([['password', canary().bytes]]), seededRandom(seed++), {
    name,
  })
  return `# ours\n${yamlText(sealedSecretObject(sealed)).replace('  data:', '  # values\n  data:')}`
}
const put = (file: string, text: string) => writeFileSync(join(shell.folder, file), text)
const read = (file: string) => readFileSync(join(shell.folder, file), 'utf8')
const FLAGS = '--cluster --kubeconfig config --as-service-account shop/ci'
const keysIn = (text: string) =>
  readText(text).envelopes.flatMap(({ recipients }) => recipients.map(({ key }) => key))

describe('verify --cluster', () => {
  test('asks about each object', async () => {
    put('a.yaml', await seal([retiredKey]))
    put('b.yaml', `${await seal([strangeKey], 'b')}---\n${await seal([clusterKey, strangeKey], 'c')}`)
    const { code, stdout, stderr } = await shell.warm(`waxwing verify ${FLAGS} .`)
    expect([code, stderr]).toEqual([1, expect.stringContaining('2 files checked')])
    expect(stdout.split('\n')[0]).toBe('b.yaml')
    expect(stdout).toMatch(/fail {2}cluster-refused {3}the controller refuses shop\/b\n/)
    expect(stdout).not.toContain('shop/c')
    expectNoCanary(stdout + stderr)
    expect((await shell.warm(`waxwing verify -q ${FLAGS} a.yaml`)).code).toBe(0)
  })

  test('cannot tell a right that is missing from an object that does not open', async () => {
    put('a.yaml', await seal([clusterKey]))
    posts.allow(() => false)
    const { code, stdout } = await shell.warm(`waxwing verify ${FLAGS} -o json a.yaml`)
    expect(code).toBe(1)
    expect(JSON.parse(stdout).findings).toMatchObject([{ code: 'cluster-refused', line: 5 }])
  })

  test('needs somebody in whose name to ask', async () => {
    put('a.yaml', await seal([clusterKey]))
    const { code, stderr } = await shell.warm('waxwing verify --cluster --kubeconfig config a.yaml')
    expect([code, stderr]).toEqual([2, expect.stringContaining('pass --as-service-account NAMESPACE/NAME\n')])
    const odd = await shell.warm(
      'waxwing verify --cluster --kubeconfig config --as-service-account ci a.yaml',
    )
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('[usage]')])
    const nowhere = await shell.warm(`waxwing verify ${FLAGS} --controller-name other a.yaml`)
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('asking the controller')])
  })
})

describe('rewrap --cluster', () => {
  test('plans, and writes when told to: wraps change, and nothing else', async () => {
    const before = await seal([strangeKey, retiredKey])
    put('a.yaml', before)
    put('there.yaml', await seal([clusterKey], 'there'))
    put('others.yaml', await seal([strangeKey], 'others'))
    const dry = await shell.warm(`waxwing rewrap ${FLAGS} --dry-run .`)
    const ids = [retiredKey, clusterKey].map(({ id }) => `${id.slice(0, 6)}…`)
    expect(dry.stderr).toBe(
      [
        '1 SealedSecret for others, left as they are',
        'plan    new wraps in 1 SealedSecret of 1 file; values and other wraps untouched',
        `        a.yaml   shop/db   ${ids.join(' → ')}`,
        'nothing was written (--dry-run)',
        '',
      ].join('\n'),
    )
    expect(read('a.yaml')).toBe(before)
    const asked = await shell.warm(`waxwing rewrap ${FLAGS} .`)
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('there is no terminal to ask on')])
    const done = await shell.warm(`waxwing rewrap ${FLAGS} --yes .`)
    expect([done.code, done.stdout, done.stderr]).toEqual([
      0,
      '',
      expect.stringContaining('changed 1 file\n'),
    ])
    const after = read('a.yaml')
    expect(keysIn(after)).toEqual([strangeKey.id, clusterKey.id])
    const [old, now] = [before.split('\n'), after.split('\n')]
    expect(now).toHaveLength(old.length)
    const changed = now.flatMap((line, i) => (line === old[i] ? [] : [line.trim().replace(/:.*/, '')]))
    expect(changed).toEqual(['- key', 'kem', 'wrap'])
    expect((await shell.warm(`waxwing rewrap ${FLAGS} --yes .`)).stderr).toContain('nothing to rewrap')
    expectNoCanary(dry.stderr + done.stderr + after)
  })

  test('writes nothing where the controller refuses one of them', async () => {
    const texts = [
      await seal([retiredKey]),
      (await seal([retiredKey], 'b')).replace(/("password": ".{9}.{60})./, '$1A'),
    ]
    for (const [i, text] of texts.entries()) put(`${i}.yaml`, text)
    const { code, stderr } = await shell.warm(`waxwing rewrap ${FLAGS} --yes .`)
    expect([code, stderr]).toEqual([1, expect.stringContaining('1.yaml:')])
    expect(stderr).toContain('[cluster-refused]')
    for (const [i, text] of texts.entries()) expect(read(`${i}.yaml`)).toBe(text)
  })

  test('takes no key that the policy does not pin', async () => {
    put('a.yaml', await seal([retiredKey]))
    put('k.yaml', 'x')
    put(
      '.waxwing.yaml',
      `recipients:\n  prod: { file: k.yaml, id: ${retiredKey.id} }\nrules:\n  - match: "**"\n    recipients: prod\n`,
    )
    const refused = await shell.warm(`waxwing rewrap ${FLAGS} --yes a.yaml`)
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('[key-pinned]')])
    const pinned = await shell.warm(`waxwing rewrap ${FLAGS} --yes --pin ${clusterKey.id} a.yaml`)
    expect([pinned.code, pinned.stderr]).toEqual([0, expect.stringContaining('changed 1 file')])
  })
})

test('a controller that speaks TLS is found as well', async () => {
  const { cert, key } = selfSigned(new Date())
  const [tlsCert, tlsKey] = [join(shell.folder, 'tls.crt'), join(shell.folder, 'tls.key')]
  writeFileSync(tlsCert, cert)
  writeFileSync(tlsKey, key)
  const other = await startPosts({ tlsCert, tlsKey })
  try {
    writeFileSync(join(shell.folder, 'config'), other.sandbox.kubeconfig())
    put('a.yaml', await seal([clusterKey]))
    const { code, stderr } = await shell.sh(`waxwing verify ${FLAGS} a.yaml`)
    expect([code, stderr]).toEqual([0, expect.stringContaining('1 file checked')])
  } finally {
    await other.stop()
  }
})
