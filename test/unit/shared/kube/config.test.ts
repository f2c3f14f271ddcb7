import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConfigOptions, loadConnection } from '../../../../shared/kube/config.ts'
import { ConfigError } from '../../../../shared/kube/errors.ts'

let folder: string
let env: NodeJS.ProcessEnv

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waxwing-config-'))
  env = { HOME: folder }
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, content: string | object): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function config(name: string, user: object = {}, cluster: object = {}) {
  return {
    'current-context': name,
    clusters: [{ name, cluster: { server: `https://${name}:6443`, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-ns` } }],
  }
}

async function load(options: Partial<ConfigOptions> = {}) {
  const connection = await loadConnection({ env, podFolder: join(folder, 'pod'), ...options })
  return { ...connection, credentials: await connection.authorize() }
}

describe('where it looks', () => {
  test('the file given, before all else', async () => {
    env.KUBECONFIG = await write('env', config('env'))
    const kubeconfig = await write('given', config('given'))
    expect(await load({ kubeconfig })).toMatchObject({ server: 'https://given:6443', namespace: 'given-ns' })
  })

  test('then KUBECONFIG, then ~/.kube/config', async () => {
    await write('.kube/config', config('home'))
    expect((await load()).server).toBe('https://home:6443')
    env.KUBECONFIG = await write('env', config('env'))
    expect((await load()).server).toBe('https://env:6443')
  })

  test('of several files the first that says a thing wins, and what does not exist is skipped', async () => {
    const first = await write('first', { ...config('one', { token: 'first' }), 'current-context': '' })
    const second = await write('second', {
      ...config('two'),
      contexts: [{ name: 'two', context: { cluster: 'one', user: 'one' } }],
      users: [{ name: 'one', user: { token: 'second' } }],
    })
    env.KUBECONFIG = [join(folder, 'missing'), first, '', second].join(delimiter)
    const { server, credentials, namespace } = await load()
    expect({ server, namespace }).toEqual({ server: 'https://one:6443', namespace: undefined })
    expect(credentials.headers).toEqual({ Authorization: 'Bearer first' })
  })

  test('at last the pod it runs in', async () => {
    Object.assign(env, { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' })
    await write('pod/token', 'pod-token\n')
    await write('pod/ca.crt', 'pod-ca')
    await write('pod/namespace', 'waxwing-system\n')
    expect(await load()).toMatchObject({
      server: 'https://[fd00::1]:443',
      namespace: 'waxwing-system',
      tls: { ca: Buffer.from('pod-ca') },
      credentials: { headers: { Authorization: 'Bearer pod-token' } },
    })
  })

  test('the context asked for', async () => {
    const one = config('one')
    const two = config('two')
    const kubeconfig = await write('config', {
      'current-context': 'one',
      clusters: [...one.clusters, ...two.clusters],
      users: [...one.users, ...two.users],
      contexts: [...one.contexts, ...two.contexts],
    })
    expect((await load({ kubeconfig })).server).toBe('https://one:6443')
    expect((await load({ kubeconfig, context: 'two' })).server).toBe('https://two:6443')
  })
})

describe('what it takes over', () => {
  test('YAML, with TLS settings; data before files, files relative to the kubeconfig', async () => {
    await write('sub/ca.pem', 'ca from file')
    await write('sub/client.pem', 'cert from file')
    const kubeconfig = await write(
      'sub/config',
      `current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters:
- name: c
  cluster:
    server: https://c.example.com/api/
    certificate-authority: ca.pem
    tls-server-name: api.internal
users:
- name: u
  user:
    client-certificate: client.pem
    client-key: /not/read
    client-key-data: ${Buffer.from('key from data').toString('base64')}
`,
    )
    expect(await load({ kubeconfig })).toMatchObject({
      server: 'https://c.example.com/api',
      tls: { ca: Buffer.from('ca from file'), servername: 'api.internal' },
      credentials: {
        headers: {},
        cert: Buffer.from('cert from file'),
        key: Buffer.from('key from data'),
      },
    })
  })

  test.each<[string, object, Record<string, unknown>]>([
    ['a token', { token: 't' }, { Authorization: 'Bearer t' }],
    ['a password', { username: 'u', password: 'p' }, { Authorization: 'Basic dTpw' }],
    ['nothing', {}, {}],
    [
      'impersonation',
      { token: 't', as: 'x', 'as-uid': '7', 'as-groups': ['g', 'h'], 'as-user-extra': { 'a/b': ['c'] } },
      {
        Authorization: 'Bearer t',
        'Impersonate-User': 'x',
        'Impersonate-Uid': '7',
        'Impersonate-Group': ['g', 'h'],
        'Impersonate-Extra-a%2Fb': ['c'],
      },
    ],
  ])('%s', async (_, user, headers) => {
    const kubeconfig = await write('config', config('c', user))
    expect((await load({ kubeconfig })).credentials.headers).toEqual(headers)
  })

  test('a token file rather than a token', async () => {
    await write('token', 'from-file\n')
    const kubeconfig = await write('config', config('c', { tokenFile: 'token', token: 'old' }))
    expect((await load({ kubeconfig })).credentials.headers).toEqual({ Authorization: 'Bearer from-file' })
  })

  test('insecure only where it says so', async () => {
    const off = await write('off', config('c', {}, { 'insecure-skip-tls-verify': true }))
    const on = await write('on', config('c', {}, { 'insecure-skip-tls-verify': false }))
    expect((await load({ kubeconfig: off })).tls).toEqual({ rejectUnauthorized: false })
    expect((await load({ kubeconfig: on })).tls).toEqual({})
  })
})

describe('what it refuses, and says so', () => {
  const canary = 'canary-7f3a'
  const context = (cluster?: string, user?: string) => ({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster, user } }],
  })
  test.each<[string, string | object, RegExp]>([
    ['no current context', { ...config('c'), 'current-context': '' }, /no current context.*--context: c$/],
    ['an unknown context', { ...config('c'), 'current-context': 'd' }, /no context "d"; there is: c$/],
    ['no contexts at all', { 'current-context': 'd' }, /no context "d"; there is: none$/],
    ['no such cluster', context('x'), /no cluster with a server for context "c"/],
    ['a cluster without server', { ...context('c'), clusters: [{ name: 'c' }] }, /no cluster with a server/],
    ['no such user', { ...config('c'), ...context('c', 'x') }, /no user "x" for context "c"/],
    ['an address that is none', config('c', {}, { server: 'c:6443' }), /not an http\(s\) address.*c:6443/],
    [
      'a missing CA',
      config('c', {}, { 'certificate-authority': 'no.pem' }),
      /CA .*no\.pem cannot be read: ENOENT/,
    ],
    ['a missing token file', config('c', { tokenFile: 'no' }), /token .*no cannot be read: ENOENT/],
    ['an empty file', '', /is empty/],
    ['a list', `- token: ${canary}`, /no current context/],
    ['what is not YAML', `a: b\n  token: [${canary}`, /config is not YAML, line 2$/],
    ['YAML with a broken alias', `a: *${canary}`, /config is not YAML, line 1$/],
  ])('%s', async (_, content, message) => {
    const kubeconfig = await write('config', content)
    const error = await load({ kubeconfig }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toMatch(message)
    expect(String((error as Error).stack)).not.toContain(canary)
  })

  test('a given file that is missing or a folder', async () => {
    await expect(load({ kubeconfig: join(folder, 'no') })).rejects.toThrow(/no cannot be read: ENOENT/)
    await expect(load({ kubeconfig: folder })).rejects.toThrow(/cannot be read: EISDIR/)
  })

  test('a KUBECONFIG of which nothing exists', async () => {
    await write('.kube/config', config('home'))
    env.KUBECONFIG = join(folder, 'no')
    await expect(load()).rejects.toThrow(`KUBECONFIG: no such file: ${join(folder, 'no')}`)
  })

  test('no configuration anywhere', async () => {
    await expect(load()).rejects.toThrow(/^no cluster configured/)
  })

  test('a context, where there is only the pod', async () => {
    Object.assign(env, { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' })
    await expect(load({ context: 'prod' })).rejects.toThrow(/no kubeconfig .* context "prod"/)
  })
})
