import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SecretObject } from '../../../controller/objects.ts'
import type { KeptSecret } from '../../../shared/keys/backup/contents.ts'
import { connect } from '../../../shared/kube/client.ts'
import { loadConnection } from '../../../shared/kube/config.ts'
import type { Kube } from '../../../shared/kube/port.ts'
import { NAMESPACES, SECRETS } from '../../../shared/kube/resources.ts'
import { type Sandbox, startSandbox } from '../../../shared/sandbox/start.ts'
import { atTerminal } from '../../support/at-terminal.ts'
import { archiveOf, bitnamiKey, keptKey } from '../../support/backups.ts'
import { type NamedKey, namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'

// keys backup and restore on the embedded API server, without a controller: every byte of every Secret is the test's own.

const namespace = 'waxwing-system'
const [prod, staging, recovery, stale] = (await Promise.all(
  ['prod', 'staging', 'recovery', 'stale'].map((name) => namedKey(name)),
)) as [NamedKey, NamedKey, NamedKey, NamedKey]
const PASSPHRASE = 'correct horse battery staple'
const KEPT: KeptSecret[] = [
  { ...keptKey(prod, 'waxwing-key-2'), annotations: { 'example.com/owner': 'sre' } },
  keptKey(staging, 'waxwing-key-1', 'retired'),
  bitnamiKey(),
]

let sandbox: Sandbox
let kube: Kube
let shell: Shell

beforeAll(async () => {
  sandbox = await startSandbox()
  shell = openShell()
  writeFileSync(join(shell.folder, 'config'), sandbox.kubeconfig())
  writeFileSync(join(shell.folder, 'pass'), `${PASSPHRASE}\n`)
  writeFileSync(join(shell.folder, 'recovery.pub'), recovery.publicText)
  writeFileSync(join(shell.folder, 'recovery.seed'), recovery.seedText)
  writeFileSync(join(shell.folder, 'prod.pub'), prod.publicText)
  kube = connect(await loadConnection({ kubeconfig: join(shell.folder, 'config') }), { userAgent: 'test' })
  await kube.create(NAMESPACES, { metadata: { name: namespace } })
})
afterAll(async () => {
  shell.remove()
  kube.close()
  await sandbox.stop()
})

const secrets = async () => (await kube.list<SecretObject>(SECRETS, { namespace })).items
async function clear(): Promise<void> {
  for (const { metadata } of await secrets()) await kube.delete(SECRETS, { namespace, name: metadata.name })
}
async function put(...kept: KeptSecret[]): Promise<void> {
  for (const { name, labels, annotations, ...rest } of kept)
    await kube.create(SECRETS, {
      metadata: { name, namespace, labels: { ...labels }, annotations: { ...annotations } },
      ...rest,
    })
}
/** What of the Secrets there is the same in every cluster. */
async function present() {
  const found = (await secrets()).map(({ metadata, type, data }) => {
    const { name, labels, annotations = {} } = metadata
    return { name, type, labels, annotations, data }
  })
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}
const sorted = [...KEPT].sort((a, b) => (a.name < b.name ? -1 : 1))
const seeds = KEPT.flatMap(({ data }) => [data.seed, data['tls.key']].filter((value) => value !== undefined))

async function waxwing(line: string) {
  const result = await shell.warm(`waxwing keys ${line} --kubeconfig config`)
  for (const value of seeds)
    for (const form of [
      value,
      Buffer.from(value, 'base64').toString('latin1'),
      Buffer.from(value, 'base64').toString('hex'),
    ])
      expect(result.stdout + result.stderr).not.toContain(form)
  return result
}
const first = ({ stderr }: { stderr: string }) => stderr.split('\n')[0]
const remove = (...names: string[]) => shell.sh(`rm -f ${names.join(' ')}`)
const backup = (more: string) => waxwing(`backup --out b.yaml ${more}`)

beforeEach(async () => {
  await clear()
  await remove('b.yaml')
})

describe('keys backup, then restore', () => {
  test('every key is back as it was: by the passphrase and by the private key of a recipient', async () => {
    await put(...KEPT)
    const made = await backup('--passphrase-file pass -k recovery.pub')
    expect(made).toMatchObject({ code: 0, stdout: '' })
    expect(first(made)).toBe(
      `made    b.yaml   3 keys of ${namespace} · opened by the passphrase or recovery (${recovery.key.id.slice(0, 6)}…)`,
    )
    const rows = made.stderr
      .split('\n')
      .slice(1, 4)
      .map((row) => row.trim().split(/ {3,}/))
    expect(rows).toEqual([
      ['waxwing-key-1', 'retired', `${staging.key.id.slice(0, 6)}…`, 'staging', '2020-01-01'],
      ['waxwing-key-2', 'active', `${prod.key.id.slice(0, 6)}…`, 'prod', '2020-01-01'],
      [
        'sealed-secrets-keyx7k2p',
        'active',
        expect.stringMatching(/^sha256:[0-9a-f]{8}…$/),
        'Bitnami',
        expect.any(String),
      ],
    ])
    expect(statSync(join(shell.folder, 'b.yaml')).mode & 0o777).toBe(0o600)
    for (const way of ['--passphrase-file pass', '--seed recovery.seed']) {
      await clear()
      const done = await waxwing(`restore b.yaml --yes ${way}`)
      expect(done, done.stderr).toMatchObject({ code: 0, stdout: '' })
      expect(await present()).toEqual(sorted)
    }
  })

  test('what is there stays, and what is missing comes', async () => {
    await put(...KEPT)
    await backup('-k recovery.pub')
    await kube.delete(SECRETS, { namespace, name: 'waxwing-key-2' })
    const dry = await waxwing('restore b.yaml --seed recovery.seed --dry-run')
    const marks = [...dry.stderr.matchAll(/^ {8}(. \S+)/gm)].map(([, mark]) => mark)
    expect(first(dry)).toBe(`plan    restore 1 key into ${namespace}; 2 are there already`)
    expect(marks).toEqual(['= sealed-secrets-keyx7k2p', '+ waxwing-key-2', '= waxwing-key-1'])
    expect(dry.stderr).toMatch(/^nothing was written \(--dry-run\)$/m)
    expect(await present()).toHaveLength(2)
    const before = (await secrets()).map(({ metadata }) => metadata.uid)
    await waxwing('restore b.yaml --seed recovery.seed --yes')
    expect(await present()).toEqual(sorted)
    expect((await secrets()).map(({ metadata }) => metadata.uid)).toEqual(expect.arrayContaining(before))
    const again = await waxwing('restore b.yaml --seed recovery.seed')
    expect([again.code, first(again)]).toEqual([
      0,
      `3 keys of the backup, none missing in ${namespace}: nothing to change`,
    ])
  })

  test("beside a new controller's own key of the same name, which stays", async () => {
    await put(...KEPT)
    await backup('-k recovery.pub')
    await clear()
    await put(keptKey(stale, 'waxwing-key-1'))
    const done = await waxwing('restore b.yaml --seed recovery.seed --yes')
    const name = `waxwing-key-${staging.key.id.slice(2, 10)}`
    expect(done.stderr).toContain(`+ waxwing-key-1 → ${name}`)
    expect(await present()).toEqual(
      [
        ...KEPT.map((one) => (one.name === 'waxwing-key-1' ? { ...one, name } : one)),
        keptKey(stale, 'waxwing-key-1'),
      ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    )
  })

  test('a conflict is refused, and nothing is written', async () => {
    await put(...KEPT)
    await backup('-k recovery.pub')
    await clear()
    await put({ ...bitnamiKey(), labels: {}, type: 'Opaque', data: {} })
    const refused = await waxwing('restore b.yaml --seed recovery.seed --yes')
    expect(refused.code).toBe(1)
    expect(first(refused)).toBe(
      `error   the Secret ${namespace}/sealed-secrets-keyx7k2p is there, and is another [backup-conflict]`,
    )
    expect(await present()).toHaveLength(1)
  })

  test('what was cut off half-way says so, and goes on the next time', async () => {
    await put(...KEPT)
    await backup('-k recovery.pub')
    await clear()
    sandbox.faults.add({ match: { verb: 'create', resource: 'secrets' }, times: 1 })
    sandbox.faults.add({ match: { verb: 'create', resource: 'secrets' }, times: 1, status: 403 })
    const cut = await waxwing('restore b.yaml --seed recovery.seed --yes')
    expect(cut.code).toBe(1)
    expect(cut.stderr).toMatch(/^error {3}after 1 of 3 keys: .*403/m)
    expect(await present()).toHaveLength(1)
    sandbox.faults.clear()
    const rest = await waxwing('restore b.yaml --seed recovery.seed --yes')
    expect(rest.stderr).toContain(`made    2 keys in ${namespace}`)
    expect(await present()).toEqual(sorted)
  })

  test('into another namespace, if it is there', async () => {
    await put(...KEPT)
    await backup('-k recovery.pub')
    const to = 'restore b.yaml --seed recovery.seed --yes --controller-namespace other'
    const refused = await waxwing(to)
    expect([refused.code, first(refused)]).toEqual([1, 'error   the namespace other is not there [cluster]'])
    await kube.create(NAMESPACES, { metadata: { name: 'other' } })
    expect((await waxwing(to)).code).toBe(0)
    expect((await kube.list(SECRETS, { namespace: 'other' })).items).toHaveLength(3)
  })
})

describe('keys backup', () => {
  test('never writes over a file unless forced, and then whole and for its owner alone', async () => {
    await put(...KEPT)
    writeFileSync(join(shell.folder, 'b.yaml'), 'older')
    chmodSync(join(shell.folder, 'b.yaml'), 0o644)
    const refused = await backup('-k recovery.pub')
    expect([refused.code, first(refused)]).toEqual([2, 'error   b.yaml: is there already [file-exists]'])
    expect(readFileSync(join(shell.folder, 'b.yaml'), 'utf8')).toBe('older')
    expect((await backup('-k recovery.pub --force')).code).toBe(0)
    expect(statSync(join(shell.folder, 'b.yaml')).mode & 0o777).toBe(0o600)
    expect(readdirSync(shell.folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  test('refuses what could not be restored, and writes nothing', async () => {
    const { data, ...rest } = keptKey(prod, 'waxwing-key-2')
    const wrapped = {
      ...rest,
      annotations: { 'waxwing.dev/at-rest': 'kms' },
      data: { public: data.public ?? '', wrappedSeed: 'AAAA', wrappedBy: 'e30=' },
    }
    await put(wrapped, bitnamiKey())
    const refused = await backup('-k recovery.pub')
    expect([refused.code, first(refused)]).toEqual([
      1,
      'error   waxwing-key-2: its seed is wrapped by kms, and nobody else opens it [backup-wrapped]',
    ])
    expect(existsSync(join(shell.folder, 'b.yaml'))).toBe(false)
    const allowed = await backup('-k recovery.pub --allow-wrapped')
    expect(allowed.code).toBe(0)
    expect(first(allowed)).toContain('warn    waxwing-key-2: its seed is wrapped by kms')
    await clear()
    const restored = await waxwing('restore b.yaml --seed recovery.seed --yes')
    expect(restored.stderr).toContain(
      'warn    waxwing-key-2 is wrapped by kms: the controller opens it only with that',
    )
    expect(await present()).toEqual([bitnamiKey(), wrapped])
  })

  test('refuses to be opened by nothing but what is in it', async () => {
    await put(...KEPT)
    const circle = await backup('-k prod.pub')
    expect([circle.code, first(circle)]).toEqual([
      1,
      'error   every recipient is a key of this cluster itself [backup-circle]',
    ])
    expect((await backup('-k prod.pub -k recovery.pub')).code).toBe(0)
  })

  test('keeps a malformed key as it is, and says so; what is no key it leaves out', async () => {
    const malformed = { ...keptKey(prod, 'waxwing-key-3'), data: { seed: 'AAAA' } }
    await put(keptKey(staging, 'waxwing-key-1'), malformed, { ...bitnamiKey('odd'), type: 'Opaque' })
    const made = await backup('-k recovery.pub')
    expect(made.stderr).toContain(
      'warn    waxwing-key-3 is no key that opens anything; it is kept as it is\n',
    )
    expect(made.stderr).toContain('warn    odd has the label of a key and not its type; it is left out\n')
    expect(made.stderr).toContain('2 keys')
  })

  test('says where it looked when there are no keys', async () => {
    const none = await backup('-k recovery.pub')
    expect([none.code, first(none)]).toEqual([
      1,
      `error   there are no sealing keys in ${namespace} [key-missing]`,
    ])
  })

  test('reads standard input for one thing', async () => {
    const both = await backup('--passphrase-file - -k - < pass')
    expect([both.code, first(both)]).toEqual([2, 'error   standard input can be read only once [usage]'])
  })

  test.each([
    ['', 'error   the passphrase has fewer than 14 characters [passphrase-weak]', 1],
    ['correct horse\n', 'error   the passphrase has fewer than 14 characters [passphrase-weak]', 1],
    ['correct horse\nbattery staple\n', 'error   odd has several lines [usage]', 2],
  ])('takes no passphrase file such as %j', async (text, line, code) => {
    await put(...KEPT)
    writeFileSync(join(shell.folder, 'odd'), text)
    const refused = await backup('--passphrase-file odd')
    expect([refused.code, first(refused)]).toEqual([code, line])
    expect(existsSync(join(shell.folder, 'b.yaml'))).toBe(false)
  })
})

describe('at a terminal', () => {
  const line = 'waxwing keys backup --out b.yaml --kubeconfig config'

  test('the passphrase is asked for, twice and unseen, and once to restore', async () => {
    await put(...KEPT)
    const made = await atTerminal(shell, line, [
      ['Passphrase: ', `${PASSPHRASE}\r`],
      ['Passphrase again: ', `${PASSPHRASE}\r`],
    ])
    expect(made.code, made.screen).toBe(0)
    expect(made.screen).not.toContain('horse')
    await clear()
    const restored = await atTerminal(shell, 'waxwing keys restore b.yaml --kubeconfig config', [
      ['Passphrase: ', `${PASSPHRASE}\r`],
      ['Restore 3 keys? [y/N]: ', 'y\r'],
    ])
    expect(restored.code, restored.screen).toBe(0)
    expect(await present()).toEqual(sorted)
  })

  test('two that differ make no backup, and another one restores nothing', async () => {
    await put(...KEPT)
    const differ = await atTerminal(shell, line, [
      ['Passphrase: ', `${PASSPHRASE}\r`],
      ['Passphrase again: ', 'something else entirely\r'],
    ])
    expect(differ.code).toBe(2)
    expect(existsSync(join(shell.folder, 'b.yaml'))).toBe(false)
    await backup('--passphrase-file pass')
    await clear()
    const wrong = await atTerminal(shell, 'waxwing keys restore b.yaml --kubeconfig config', [
      ['Passphrase: ', 'something else entirely\r'],
    ])
    expect(wrong.code).toBe(1)
    expect(wrong.screen).toContain(
      'b.yaml: the passphrase is not the one that it was made with [backup-passphrase]',
    )
    expect(await present()).toEqual([])
  })
})

describe('keys restore', () => {
  test('finds a cut file before it asks for anything, and writes nothing', async () => {
    await put(...KEPT)
    await backup('--passphrase-file pass')
    await clear()
    await shell.sh('head -c 2000 b.yaml > cut.yaml')
    const cut = await waxwing('restore cut.yaml --yes')
    expect([cut.code, first(cut)]).toEqual([
      1,
      'error   cut.yaml: is cut off: its end is missing [backup-damaged]',
    ])
    expect(await present()).toEqual([])
  })

  test('shows what is in a file that somebody else made, without what could move the cursor', async () => {
    const holder = '\u001b[2Jroot'
    const odd = { ...keptKey(prod, 'k'), labels: { 'waxwing.dev/sealing-key': holder } }
    const text = await archiveOf({ namespace: holder, secrets: [odd] }, { recipients: [recovery.key] })
    writeFileSync(join(shell.folder, 'b.yaml'), text)
    const { code, stdout, stderr } = await waxwing('restore --list --seed recovery.seed b.yaml')
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('\u001b')
  })
})
