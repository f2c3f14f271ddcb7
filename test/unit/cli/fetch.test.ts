import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { API_VERSION } from '../../../shared/format/sealed-secret.ts'
import { configMapData } from '../../../shared/keys/key-config-map.ts'
import { KEY_LABEL, type KeyState, PUBLISHED_BY_LABEL } from '../../../shared/keys/labels.ts'
import { sealingKeyObject } from '../../../shared/keys/public.ts'
import { type NamedKey, namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'
import {
  type Answers,
  type ApiServer,
  KEYS_PATH,
  MAP_PATH,
  PROXY_PATH,
  startApiServer,
} from './api-server.ts'

const prod = await namedKey('prod')
const stale = await namedKey('stale')
const future = await namedKey('future')

type Shown = NamedKey & { state?: KeyState; publisher?: string }
const published = (...keys: Shown[]) =>
  JSON.stringify({
    apiVersion: API_VERSION,
    kind: 'SealingKeyList',
    metadata: { resourceVersion: '1' },
    items: keys.map(({ key, state = 'active', publisher }) => {
      const { apiVersion: _, kind: __, ...item } = sealingKeyObject(key, key.id)
      const labels = { [KEY_LABEL]: state, ...(publisher && { [PUBLISHED_BY_LABEL]: publisher }) }
      return { ...item, metadata: { name: key.id, labels } }
    }),
  })

let shell: Shell
let server: ApiServer

beforeEach(() => {
  shell = openShell()
})
afterEach(async () => {
  shell.remove()
  await server.close()
})

async function serve(answers: Answers) {
  server = await startApiServer(answers)
  writeFileSync(join(shell.folder, 'config'), server.kubeconfig)
  return server
}

const fetchKey = (flags = '') => shell.warm(`waxwing keys fetch --kubeconfig config ${flags}`)
/** Newer than `prod`, whose date in the fixtures is the same. */
const newer: Shown = { ...stale, key: { ...stale.key, notBefore: '2021-01-01T00:00:00Z' } }

describe('keys fetch from a cluster', () => {
  test('gives the newest published key, under its holder', async () => {
    const { asked } = await serve({ [KEYS_PATH]: { body: published(prod, newer, future) } })
    const { code, stdout, stderr } = await fetchKey()
    expect(code).toBe(0)
    expect(stdout).toBe(newer.publicText.replace('2020-01-01', '2021-01-01'))
    expect(stderr).toContain(`fetched stale ${stale.key.id}   to be replaced by `)
    expect(asked).toEqual([KEYS_PATH])
  })

  test('a pin picks that key, whatever its date, and no other', async () => {
    await serve({ [KEYS_PATH]: { body: published(prod, newer) } })
    expect((await fetchKey(`--pin ${prod.key.id}`)).stdout).toBe(prod.publicText)
    const { code, stdout, stderr } = await fetchKey(`--pin ${future.key.id}`)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(
      'error   the key wx3fkk… is not there; found: wxu5fu…, wx3c3r… [key-pinned]',
    )
  })

  test.each([
    ['not to be read', { status: 403, body: '{"kind":"Status","reason":"Forbidden"}' }],
    ['not installed', { status: 404, body: '{}' }],
    ['there, without an object', { body: published() }],
    ['there, with nothing but junk', { body: published().replace('[]', '[{"metadata":{"name":"x"}}]') }],
  ])('asks the Service where the kind is %s', async (_what, answer) => {
    const { asked } = await serve({ [KEYS_PATH]: answer, [PROXY_PATH]: { body: prod.publicText } })
    expect((await fetchKey()).stdout).toBe(prod.publicText)
    expect(asked).toEqual([KEYS_PATH, MAP_PATH, PROXY_PATH])
  })

  test('leaves out what is retired, with or without a pin', async () => {
    await serve({ [KEYS_PATH]: { body: published(prod, { ...newer, state: 'retired' }) } })
    expect((await fetchKey()).stdout).toBe(prod.publicText)
    const { code, stderr } = await fetchKey(`--pin ${newer.key.id}`)
    expect({ code, line: stderr.split('\n')[0] }).toEqual({
      code: 1,
      line: 'error   the key wx3c3r… is not there; found: wxu5fu… [key-pinned]',
    })
  })

  test('gives nothing where all are retired, and asks nobody else', async () => {
    const { asked } = await serve({ [KEYS_PATH]: { body: published({ ...prod, state: 'retired' }) } })
    const { code, stdout, stderr } = await fetchKey()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('there is no sealing key that is valid by now [key-missing]')
    expect(asked).toEqual([KEYS_PATH])
  })

  test('of several controllers takes the one in the namespace that is meant', async () => {
    const keys = [
      { ...prod, publisher: 'team-a' },
      { ...newer, publisher: 'team-b' },
    ]
    await serve({ [KEYS_PATH]: { body: published(...keys) } })
    expect((await fetchKey('--controller-namespace team-a')).stdout).toBe(prod.publicText)
    const { code, stderr } = await fetchKey()
    expect({ code, line: stderr.split('\n')[0] }).toEqual({
      code: 1,
      line: 'error   several controllers publish keys: team-a, team-b [key-missing]',
    })
  })

  test('takes the ConfigMap where there are no objects', async () => {
    const shown: Shown[] = [prod, { ...newer, state: 'retired' }]
    const keys = shown.map(({ key, state = 'active' }) => ({ key, state }))
    const body = JSON.stringify({ metadata: { name: 'x' }, data: configMapData(keys, 'waxwing') })
    const { asked } = await serve({ [KEYS_PATH]: { status: 403, body: '{}' }, [MAP_PATH]: { body } })
    expect((await fetchKey()).stdout).toBe(prod.publicText)
    expect(asked).toEqual([KEYS_PATH, MAP_PATH])
  })

  test('the Service is asked for by the names that are given', async () => {
    const path = '/api/v1/namespaces/ops/services/http:keys:http/proxy/v1/keys'
    await serve({ [KEYS_PATH]: { status: 403, body: '{}' }, [path]: { body: prod.publicText } })
    const { stdout } = await fetchKey('--controller-namespace ops --controller-name keys')
    expect(stdout).toBe(prod.publicText)
  })

  test('says what it tried, and none of the words of the server', async () => {
    await serve({ [PROXY_PATH]: { status: 503, body: '{"message":"no endpoints for @@@"}' } })
    const { code, stdout, stderr } = await fetchKey()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'error   no SealingKey is published or readable; asking the controller: [cluster]',
      `        get ${PROXY_PATH}: 503`,
      '        ServiceUnavailable',
    ])
  })

  test('what the Service answers must be a key', async () => {
    await serve({ [PROXY_PATH]: { body: '<html>sign in</html>' } })
    const { code, stderr } = await fetchKey()
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toContain('neither a SealingKey nor a SealingKeySeed')
    expect(stderr).not.toContain('sign in')
  })
})

describe('keys fetch --url', () => {
  const fetchUrl = (path: string, pin = prod.key.id) =>
    shell.sh(`waxwing keys fetch --url ${server.url}${path} --pin ${pin}`)

  test('gives the pinned key, of several too', async () => {
    await serve({ '/v1/keys': { body: `${stale.publicText}---\n${prod.publicText}` } })
    expect(await fetchUrl('/v1/keys')).toEqual({
      code: 0,
      stdout: prod.publicText,
      stderr: `fetched prod ${prod.key.id}, the pinned key   to be replaced by 2099-01-01\n`,
    })
  })

  test.each([
    ['another key', { body: stale.publicText }, 'key-pinned'],
    ['a forged id', { body: stale.publicText.replace(stale.key.id, prod.key.id) }, 'key-mismatch'],
    ['a private key', { body: prod.seedText }, 'key-pinned'],
    [
      'a retired key, whose mark a file would not have',
      {
        body: prod.publicText.replace('  name: prod\n', '$&  labels: { waxwing.dev/sealing-key: retired }\n'),
      },
      'key-retired',
    ],
    ['something else', { body: 'hello' }, 'key-malformed'],
    ['nothing', { body: '' }, 'key-malformed'],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1/' } }, 'key-fetch'],
    ['an error', { status: 500, body: 'secret words' }, 'key-fetch'],
    ['far too much', { body: '#'.repeat(2 << 20) }, 'key-fetch'],
  ])('refuses %s', async (_what, answer, expected) => {
    await serve({ '/v1/keys': answer })
    const { code, stdout, stderr } = await fetchUrl('/v1/keys')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`\\[${expected}\\]$`))
    expect(stderr).not.toContain('secret words')
  })
})

describe('seal without -k', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData: { a: b }\n'

  test('seals to the key of the kube context, for its namespace', async () => {
    await serve({ [KEYS_PATH]: { body: published(prod) } })
    writeFileSync(join(shell.folder, 'db.yaml'), secret)
    const { code, stderr } = await shell.warm('waxwing seal --kubeconfig config db.yaml > out.yaml')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'sealed  db.yaml → stdout   1 value · strict · payments/db · for prod (wxu5fu…)\n' +
        "hint    db.yaml:1 states no namespace: payments is that of the kubeconfig's context\n",
    })
  })

  test('asks no cluster when the manifest is wrong', async () => {
    const { asked } = await serve({ [KEYS_PATH]: { body: published(prod) } })
    writeFileSync(join(shell.folder, 'db.yaml'), secret.replace('b }', '[] }'))
    expect((await shell.warm('waxwing seal --kubeconfig config db.yaml')).code).toBe(1)
    expect(asked).toEqual([])
  })
})
