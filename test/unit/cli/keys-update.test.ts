import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeTogether } from '../../../cli/io/write.ts'
import { yamlText } from '../../../shared/format/write.ts'
import { sealingKeyObject } from '../../../shared/keys/public.ts'
import { publishedKeyObject } from '../../../shared/keys/published.ts'
import { namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'
import { type ApiServer, KEYS_PATH, startApiServer } from './api-server.ts'

// keys fetch --update: key file and pin change together, or not at all, and keep their comments.

const [old, recovery, fresh] = await Promise.all(['prod', 'recovery', 'stale'].map(namedKey))
if (!old || !recovery || !fresh) throw new Error('no keys')
const next = {
  ...fresh.key,
  holder: 'prod',
  notBefore: '2021-01-01T00:00:00Z',
  notAfter: '2099-02-02T00:00:00Z',
}

const KEY_FILE = `# Fetched by hand.\n${old.publicText.replace('  suite:', '  # pinned below\n  suite:')}---\n# Offline.\n${recovery.publicText}`
const POLICY = `# Who may open.
recipients:
  prod: { file: keys/all.yaml, id: ${old.key.id} } # the cluster
  recovery:
    file: keys/all.yaml
    id: "${recovery.key.id}"   # ${old.key.id} is another
rules:
  - match: "**"
    recipients: [prod, recovery]
`

let shell: Shell
let server: ApiServer
const at = (name: string) => join(shell.folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')
const update = (flags = '') => shell.warm(`waxwing keys fetch --update --kubeconfig config ${flags}`)

beforeEach(async () => {
  shell = openShell()
  const items = [old.key, next].map((key) => sealingKeyObject({ ...key, holder: 'prod' }, key.id))
  server = await startApiServer({
    [KEYS_PATH]: { body: JSON.stringify({ metadata: { resourceVersion: '1' }, items }) },
    '/key': { body: yamlText(sealingKeyObject(next, 'prod')) },
  })
  writeFileSync(at('config'), server.kubeconfig)
  mkdirSync(at('keys'))
  writeFileSync(at('keys/all.yaml'), KEY_FILE)
  writeFileSync(at('.waxwing.yaml'), POLICY)
})
afterEach(async () => {
  shell.remove()
  await server.close()
})

const untouched = () => {
  expect(read('keys/all.yaml')).toBe(KEY_FILE)
  expect(read('.waxwing.yaml')).toBe(POLICY)
}

describe('keys fetch --update', () => {
  test('shows both ids, and replaces key and pin; every other byte stays', async () => {
    const dry = await update('--dry-run')
    expect(dry).toEqual({
      code: 0,
      stdout: '',
      stderr: `plan    the key of prod in 2 files
        keys/all.yaml   ${old.key.id} (${old.key.notBefore.slice(0, 10)}) → ${next.id} (2021-01-01)
        .waxwing.yaml   the pin of prod: ${old.key.id} → ${next.id}
hint    compare the new id with what the cluster's operator tells you
nothing was written (--dry-run)
`,
    })
    untouched()
    const done = await update('--yes')
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('changed 2 files\n') })
    expect(read('.waxwing.yaml')).toBe(POLICY.replace(old.key.id, next.id))
    const file = read('keys/all.yaml')
    expect(file).toContain('# Fetched by hand.')
    expect(file).toContain('  # pinned below')
    expect(file).toContain(recovery.publicText)
    expect(file).not.toContain(old.key.id)
    expect((await shell.warm('waxwing keys show keys/all.yaml')).stdout).toContain(
      `${next.id}   prod       2021-01-01   2099-02-02`,
    )
    writeFileSync(
      at('db.yaml'),
      'apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData: { a: b }\n',
    )
    expect((await shell.warm('waxwing seal db.yaml')).stderr).toContain(`for prod (${next.id.slice(0, 6)}…)`)
    expect(await update('--yes')).toMatchObject({
      code: 0,
      stderr: `${next.id} is in its place already: nothing to change\n`,
    })
  })

  test('a key as its cluster shows it, named by its id and marked as retired, gives way to one that is not', async () => {
    const shown = publishedKeyObject(
      { key: { ...old.key, holder: 'prod' }, state: 'retired' },
      old.key.id,
      'x',
    )
    writeFileSync(at('keys/all.yaml'), `${yamlText(shown)}---\n${recovery.publicText}`)
    expect((await update('--yes')).code).toBe(0)
    const file = read('keys/all.yaml')
    expect(file).not.toContain(old.key.id)
    expect(file).not.toContain('retired')
    expect((await shell.warm('waxwing keys show keys/all.yaml')).stdout).toMatch(
      new RegExp(`^${next.id} .* current$`, 'm'),
    )
  })

  test('finishes what is half done', async () => {
    await update('--yes')
    writeFileSync(at('.waxwing.yaml'), POLICY)
    expect((await update('--yes')).stderr).toContain('the key of prod in 1 file')
    expect(read('.waxwing.yaml')).toBe(POLICY.replace(old.key.id, next.id))
  })

  test('finishes it also by an address, which knows no older key, and shows what it does', async () => {
    await update('--yes')
    writeFileSync(at('.waxwing.yaml'), POLICY)
    const line = `waxwing keys fetch --update --yes --url ${server.url}/key --pin ${next.id}`
    expect((await shell.warm(line)).stderr).toContain(
      `.waxwing.yaml   the pin of prod: ${old.key.id} → ${next.id}\n`,
    )
    expect(read('.waxwing.yaml')).toBe(POLICY.replace(old.key.id, next.id))
  })

  test('but guesses at no pin where several keys are gone from the file', async () => {
    const only = yamlText(sealingKeyObject(next, 'prod'))
    writeFileSync(at('keys/all.yaml'), only)
    const line = `waxwing keys fetch --update --yes --url ${server.url}/key --pin ${next.id}`
    expect((await shell.warm(line)).stderr).toContain('nothing to change')
    expect(read('.waxwing.yaml')).toBe(POLICY)
  })

  test('asks, and without a terminal refuses', async () => {
    const { code, stderr } = await update()
    expect({ code, line: stderr.split('\n').find((line) => line.startsWith('error')) }).toEqual({
      code: 2,
      line: 'error   there is no terminal to ask on [usage]',
    })
    untouched()
  })

  test('a file that is named needs no policy', async () => {
    rmSync(at('.waxwing.yaml'))
    expect((await update('--yes keys/all.yaml')).code).toBe(0)
    expect(read('keys/all.yaml')).toContain(next.id)
  })

  test('a pin that is not there changes nothing', async () => {
    expect((await update(`--yes --pin ${recovery.key.id}`)).stderr).toContain('[key-pinned]')
    untouched()
  })

  test.each([
    [
      'a file without a key of the cluster',
      () => writeFileSync(at('other.yaml'), recovery.publicText),
      'other.yaml',
      'holds no key of prod [key-unknown]',
    ],
    [
      'a key that is not written in one piece',
      () =>
        writeFileSync(
          at('other.yaml'),
          old.publicText
            .replace(/publicKey: "?([^"\n]{40})/, 'publicKey: >-\n    $1')
            .replace(/==?"$/m, '=='),
        ),
      'other.yaml',
      'other.yaml',
    ],
    [
      'no file and no policy',
      () => rmSync(at('.waxwing.yaml')),
      '',
      'no key file is named, and there is no policy that names any [usage]',
    ],
    ['a missing key file', () => rmSync(at('keys/all.yaml')), '', '[file-read]'],
  ])('refuses %s', async (_what, prepare, file, words) => {
    prepare()
    const { code, stdout, stderr } = await update(`--yes ${file}`)
    expect(code, stderr).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(words)
  })

  test('files are named only for it', async () => {
    expect((await shell.warm('waxwing keys fetch --kubeconfig config keys/all.yaml')).stderr).toContain(
      'files are named only with --update',
    )
  })
})

describe('killed while it writes', () => {
  /** Ends the process, as by the kernel, before the n-th call of that name. */
  const KILLER = `const fs = require('node:fs')
const [name, n] = process.env.KILL_AT.split(' ')
const real = fs[name]
let left = Number(n)
fs[name] = (...args) => {
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
  return real(...args)
}
`
  const UPDATED = POLICY.replace(old.key.id, next.id)
  const states = {
    'as they were': ['old', 'old'],
    between: ['new', 'old'],
    'both new': ['new', 'new'],
  } as const

  test.each([
    ['linkSync 1', 'as they were'],
    ['linkSync 2', 'as they were'],
    ['renameSync 1', 'as they were'],
    ['renameSync 2', 'between'],
    ['rmSync 1', 'both new'],
    ['rmSync 2', 'both new'],
  ] as const)(
    'before %s the files are %s; what seals says so, and the next run ends it',
    async (kill, state) => {
      writeFileSync(at('killer.cjs'), KILLER)
      writeFileSync(
        at('db.yaml'),
        '{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: shop}, stringData: {a: b}}\n',
      )
      const killed = `waxwing keys fetch --update --kubeconfig config --yes`
      const { stderr } = await shell.sh(
        `KILL_AT='${kill}' NODE_OPTIONS='--require ./killer.cjs' ${killed}; echo $? >&2`,
      )
      expect(stderr).toMatch(/\n(?:.*Killed.*\n)?137\n$/)
      const found = [
        read('keys/all.yaml') === KEY_FILE ? 'old' : read('keys/all.yaml').includes(next.id) ? 'new' : 'torn',
        read('.waxwing.yaml') === POLICY ? 'old' : read('.waxwing.yaml') === UPDATED ? 'new' : 'torn',
      ]
      expect(found).toEqual(states[state])
      // Nothing that a list of the folder, or a glob for key files, would show.
      expect(readdirSync(at('keys')).filter((name) => !name.startsWith('.'))).toEqual(['all.yaml'])
      const sealed = await shell.warm('waxwing seal db.yaml > sealed.yaml')
      expect(sealed.code).toBe(state === 'between' ? 1 : 0)
      if (state === 'between') {
        expect(sealed.stderr).toContain('[key-pinned]')
        expect(sealed.stderr.replace(/\s+/g, ' ')).toContain(
          'fix: if `waxwing keys fetch --update` was cut off, run it again',
        )
      }
      expect((await update('--yes')).code).toBe(0)
      expect(read('.waxwing.yaml')).toBe(UPDATED)
      expect((await shell.warm('waxwing seal db.yaml > sealed.yaml')).code).toBe(0)
    },
  )
})

test('files that are written together are all as they were when one cannot be replaced', async () => {
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(at(name), 'before')
  const files = ['a', 'b', 'c'].map((name) => ({ path: at(name), text: 'after' }))
  const last = {
    path: at('d'),
    // By now the temporary files of the others are there; one of them vanishes, so that its renaming fails.
    get text() {
      for (const name of readdirSync(shell.folder)) if (/^\.c\..*tmp$/.test(name)) rmSync(at(name))
      return 'after'
    },
  }
  const contents = () => ['a', 'b', 'c', 'd'].map(read)
  await expect(writeTogether([...files, last])).rejects.toThrow()
  expect(contents()).toEqual(['before', 'before', 'before', 'before'])
  expect(readdirSync(shell.folder).filter((name) => /\.(tmp|old)$/.test(name))).toEqual([])
  await writeTogether(files)
  expect(contents()).toEqual(['after', 'after', 'after', 'before'])
})
