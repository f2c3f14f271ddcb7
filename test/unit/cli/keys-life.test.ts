import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configMapData, KEY_CONFIG_MAP } from '../../../shared/keys/key-config-map.ts'
import { KEY_LABEL, type KeyState, PUBLISHED_BY_LABEL } from '../../../shared/keys/labels.ts'
import { type KeyUsage, publishedKeyObject } from '../../../shared/keys/published.ts'
import { connect } from '../../../shared/kube/client.ts'
import { loadConnection } from '../../../shared/kube/config.ts'
import type { Kube, KubeObject } from '../../../shared/kube/port.ts'
import { CONFIG_MAPS, CRDS, NAMESPACES, SEALING_KEYS, SECRETS } from '../../../shared/kube/resources.ts'
import { type Sandbox, startSandbox } from '../../../shared/sandbox/start.ts'
import { atTerminal } from '../../support/at-terminal.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'
import { type NamedKey, namedKey } from '../../support/keys.ts'
import { root } from '../../support/programs.ts'
import { openShell, type Shell } from '../../support/shell.ts'

// keys usage, retire and activate on the embedded API server, with what a controller would have published.

const namespace = 'waxwing-system'
const secret = canary()
const [older, newest, gone] = (await Promise.all(['prod', 'recovery', 'stale'].map(namedKey))) as [
  NamedKey,
  NamedKey,
  NamedKey,
]
const at = (key: NamedKey, notBefore: string) => ({ ...key.key, holder: 'prod', notBefore })
const KEYS = {
  older: at(older, '2026-01-01T00:00:00Z'),
  newest: at(newest, '2026-02-01T00:00:00Z'),
  gone: at(gone, '2025-01-01T00:00:00Z'),
}

let sandbox: Sandbox
let kube: Kube
let shell: Shell

beforeAll(async () => {
  sandbox = await startSandbox()
  shell = openShell()
  writeFileSync(join(shell.folder, 'config'), sandbox.kubeconfig())
  kube = connect(await loadConnection({ kubeconfig: join(shell.folder, 'config') }), { userAgent: 'test' })
  await kube.create(
    CRDS,
    load(readFileSync(join(root, 'charts/waxwing/crds/sealingkeys.yaml'), 'utf8')) as KubeObject,
  )
  await kube.create(NAMESPACES, { metadata: { name: namespace } })
  for (const name of ['older', 'newest', 'gone'])
    await kube.create(SECRETS, {
      metadata: { name, namespace, labels: { [KEY_LABEL]: 'active' } },
      ...{ data: { seed: Buffer.from(secret.bytes).toString('base64') } },
    })
})
afterAll(async () => {
  shell.remove()
  kube.close()
  await sandbox.stop()
})

type Name = keyof typeof KEYS
type Shown = Partial<Record<Name, { state?: KeyState; usage?: KeyUsage }>>

async function publish(shown: Shown): Promise<void> {
  for (const { metadata } of (await kube.list(SEALING_KEYS)).items)
    await kube.delete(SEALING_KEYS, { name: metadata.name })
  for (const [name, { state = 'active', usage }] of Object.entries(shown)) {
    const key = KEYS[name as Name]
    const object = publishedKeyObject({ key, state, secret: name }, key.id, '') as unknown as KubeObject
    Object.assign(object.metadata.labels ?? {}, { [PUBLISHED_BY_LABEL]: namespace })
    await kube.create(SEALING_KEYS, object)
    if (usage)
      await kube.mergePatch(
        SEALING_KEYS,
        { name: key.id },
        { status: { usage: { waxwing: usage } } },
        { subresource: 'status' },
      )
    await kube.mergePatch(SECRETS, { namespace, name }, { metadata: { labels: { [KEY_LABEL]: state } } })
  }
}

async function waxwing(line: string) {
  const result = await shell.warm(`waxwing ${line} --kubeconfig config`)
  expectNoCanary(result.stdout + result.stderr, line, [secret])
  return result
}
const labelOf = async (name: Name) =>
  (await kube.get(SECRETS, { namespace, name })).metadata.labels?.[KEY_LABEL]
const none = { usable: 0, needed: 0 }

beforeEach(() =>
  publish({
    newest: { usage: { usable: 5, needed: 3 } },
    older: { usage: { usable: 2, needed: 0 } },
    gone: { state: 'retired', usage: { usable: 1, needed: 1 } },
  }),
)

describe('keys usage', () => {
  test('says of each key whether it is needed', async () => {
    const { code, stdout, stderr } = await waxwing('keys usage')
    expect(code).toBe(0)
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ {3,}/))
    expect(rows).toEqual([
      ['ID', 'HOLDER', 'STATE', 'NOT BEFORE', 'NAMED BY', 'NEEDED BY'],
      [KEYS.newest.id, 'prod', 'active', '2026-02-01', '5', '3', 'sealed to'],
      [KEYS.older.id, 'prod', 'active', '2026-01-01', '2', '0', 'safe to retire'],
      [KEYS.gone.id, 'prod', 'retired', '2025-01-01', '1', '1', 'in use'],
    ])
    expect(stderr).toBe(
      'hint    only objects of the cluster count: what is in git alone, the controller cannot see\n',
    )
  })

  test('as JSON', async () => {
    const { stdout } = await waxwing('keys usage -o json')
    const [first, second, third] = JSON.parse(stdout)
    expect(first).toMatchObject({
      id: KEYS.newest.id,
      state: 'active',
      newest: true,
      secret: 'newest',
      usable: 5,
      needed: 3,
    })
    expect([second.newest, second.needed, third.state]).toEqual([false, 0, 'retired'])
  })

  test('counts nothing where the controller has not', async () => {
    await publish({ newest: {}, older: {}, gone: { state: 'retired', usage: none } })
    expect((await waxwing('keys usage')).stdout.match(/sealed to|not counted|no longer needed/g)).toEqual([
      'sealed to',
      'not counted',
      'no longer needed',
    ])
  })

  test('reads the ConfigMap where there are no objects', async () => {
    await publish({})
    const keys = [{ key: KEYS.older, state: 'active' as const, secret: 'older', usage: none }]
    await kube.create(CONFIG_MAPS, {
      metadata: { namespace, name: KEY_CONFIG_MAP },
      ...{ data: configMapData(keys, 'waxwing') },
    })
    const { stdout } = await waxwing('keys usage')
    expect(stdout).toContain(
      `${KEYS.older.id}   prod     active   2026-01-01   0          0           sealed to`,
    )
    expect((await waxwing('keys fetch')).stdout).toContain(KEYS.older.id)
    expect((await waxwing(`keys retire ${KEYS.older.id} --force --yes`)).code).toBe(0)
    expect(await labelOf('older')).toBe('retired')
    await kube.delete(CONFIG_MAPS, { namespace, name: KEY_CONFIG_MAP })
  })

  test('says what it tried where nothing is published', async () => {
    await publish({})
    const { code, stderr } = await waxwing('keys usage')
    expect(code).toBe(1)
    expect(stderr).toContain('no SealingKey is published or readable; asking the controller: ')
  })
})

describe('keys retire', () => {
  test('shows its plan, and marks the Secret; activate takes it back', async () => {
    const id = KEYS.older.id
    const plan =
      `plan    retire ${id} of prod (Secret waxwing-system/older)\n` +
      '        0 objects of the cluster need it; it goes on opening what was sealed for it\n' +
      `        values are sealed to ${KEYS.newest.id.slice(0, 6)}… (2026-02-01)\n`
    const dry = await waxwing(`keys retire ${id.slice(0, 8)} --dry-run`)
    expect(dry).toEqual({ code: 0, stdout: '', stderr: `${plan}nothing was written (--dry-run)\n` })
    expect(await labelOf('older')).toBe('active')
    const done = await waxwing(`keys retire ${id} --yes`)
    expect(done).toEqual({ code: 0, stdout: '', stderr: `${plan}changed ${id.slice(0, 6)}… is retired\n` })
    expect(await labelOf('older')).toBe('retired')

    await publish({ newest: {}, older: { state: 'retired' } })
    expect(await waxwing(`keys retire ${id} --yes`)).toMatchObject({
      code: 0,
      stderr: `${id.slice(0, 6)}… is retired already: nothing to change\n`,
    })
    const back = await waxwing(`keys activate ${id} --yes`)
    expect(back).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('newer keys are sealed to before it'),
    })
    expect(await labelOf('older')).toBe('active')
  })

  test.each([
    ['while objects need it', 'newest', undefined, ': 3 objects of the cluster need it [key-needed]'],
    [
      'while nobody has counted',
      'older',
      { newest: {}, older: {} },
      ': how many objects need it has not been counted [key-needed]',
    ],
    [
      'the last one',
      'older',
      { older: { usage: none }, gone: { state: 'retired' } },
      ' is the only active key of the cluster [key-last]',
    ],
  ] as const)('refuses %s, unless forced', async (_what, name, shown, line) => {
    if (shown) await publish(shown)
    const id = KEYS[name].id
    const { code, stdout, stderr } = await waxwing(`keys retire ${id} --yes`)
    expect({ code, stdout, line: stderr.split('\n')[0] }).toEqual({
      code: 1,
      stdout: '',
      line: `error   ${id.slice(0, 6)}…${line}`,
    })
    expect(await labelOf(name)).toBe('active')
    expect((await waxwing(`keys retire ${id} --force --yes`)).code).toBe(0)
    expect(await labelOf(name)).toBe('retired')
  })

  test('asks at a terminal, and refuses without one', async () => {
    const { code, stderr } = await waxwing(`keys retire ${KEYS.older.id}`)
    expect(code).toBe(2)
    expect(stderr).toContain('error   there is no terminal to ask on [usage]')
    const line = `waxwing keys retire ${KEYS.older.id} --kubeconfig config`
    const no = await atTerminal(shell, line, [['retire it? [y/N]: ', '\r']])
    expect(no.code).toBe(2)
    expect(await labelOf('older')).toBe('active')
    const yes = await atTerminal(shell, line, [['retire it? [y/N]: ', 'y\r']])
    expect(yes.code).toBe(0)
    expect(await labelOf('older')).toBe('retired')
  })

  test('takes no key that is not there, and no Secret that is no key', async () => {
    const line = async (id: string) => (await waxwing(`keys retire ${id} --yes`)).stderr.split('\n')[0]
    expect(await line('wxaaaa')).toBe(
      `error   the cluster has no key wxaaaa; it has: ${[KEYS.newest, KEYS.older, KEYS.gone].map(({ id }) => `${id.slice(0, 6)}…`).join(', ')} [key-unknown]`,
    )
    expect(await line('prod')).toBe('error   this is not a key id [usage]')
    await kube.create(SECRETS, { metadata: { namespace, name: 'plain' } })
    await kube.mergePatch(
      SEALING_KEYS,
      { name: KEYS.older.id },
      { metadata: { annotations: { 'waxwing.dev/key-secret': 'plain' } } },
    )
    expect(await line(KEYS.older.id)).toBe(
      'error   the Secret waxwing-system/plain is not there, or holds no key [key-unknown]',
    )
  })
})
