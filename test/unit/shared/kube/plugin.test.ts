import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import { loadConnection } from '../../../../shared/kube/config.ts'
import { ConfigError } from '../../../../shared/kube/errors.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { object, sendJson, sendStatus, serve } from './server.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waxwing-plugin-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function connection(user: object, cluster: object = {}) {
  const kubeconfig = join(folder, 'config')
  const content = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://c:6443', ...cluster } }],
    users: [{ name: 'c', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  }
  await writeFile(kubeconfig, JSON.stringify(content))
  return loadConnection({ kubeconfig })
}

/** A plugin that runs this program, which may count its runs with `runs`. */
async function exec(program: string, more: object = {}) {
  const path = join(folder, 'plugin.mjs')
  const counting = `import { appendFileSync, readFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(join(folder, 'runs'))}, 'x')
const runs = readFileSync(${JSON.stringify(join(folder, 'runs'))}).length
const credential = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', status }))
`
  await writeFile(path, counting + program)
  return {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [path], ...more },
  }
}

const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).length
const FUTURE = `expirationTimestamp: '2999-01-01T00:00:00Z'`

describe('exec plugins', () => {
  test('give a token or a certificate', async () => {
    const { authorize } = await connection(
      await exec(
        `credential({ token: 't', clientCertificateData: 'CERT', clientKeyData: 'KEY', ${FUTURE} })`,
      ),
    )
    expect(await authorize()).toEqual({ headers: { Authorization: 'Bearer t' }, cert: 'CERT', key: 'KEY' })
  })

  test('run once, also without an expiry, and again after a refusal', async () => {
    const { authorize } = await connection(await exec(`credential({ token: 't' + runs })`))
    const first = await authorize()
    await authorize()
    expect(await runs()).toBe(1)
    expect((await authorize(first)).headers.Authorization).toBe('Bearer t2')
    expect(await runs()).toBe(2)
  })

  test('are told about the cluster', async () => {
    const { authorize } = await connection(
      await exec('credential({ token: process.env.KUBERNETES_EXEC_INFO + process.env.EXTRA })', {
        provideClusterInfo: true,
        env: [{ name: 'EXTRA', value: 'extra' }],
      }),
    )
    const [, info] = /^Bearer (.*)extra$/.exec(String((await authorize()).headers.Authorization)) ?? []
    expect(JSON.parse(info ?? '')).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: 'https://c:6443' } },
    })
  })

  test('renew a token that the server refuses, within the call', async () => {
    const server = await serve(({ headers }, response) =>
      headers.authorization === 'Bearer t2'
        ? sendJson(response, object('db', '7'))
        : sendStatus(response, 401, 'Unauthorized'),
    )
    const user = await exec(`credential({ token: 't' + runs, ${FUTURE} })`)
    const kube = connect(await connection(user, { server: server.connection.server }), { userAgent: 'test' })
    await kube.get(SECRETS, { namespace: 'team', name: 'db' })
    expect(await runs()).toBe(2)
    kube.close()
    await server.close()
  })

  test.each<[string, string, object, RegExp]>([
    [
      'that fail',
      `console.error('please log in'); process.exit(1)`,
      {},
      /^exec plugin .* failed: please log in$/,
    ],
    ['that print something else', `console.log('canary')`, {}, /^exec plugin .* printed no ExecCredential$/],
    ['that give nothing', 'credential({})', {}, /^exec plugin .* gave no credentials$/],
    ['that are not there', '', { command: 'no-such', installHint: 'Get it.' }, /no-such not found. Get it.$/],
    ['relative to the kubeconfig', '', { command: './no-such' }, /waxwing-plugin-.*\/no-such not found\.$/],
  ])('%s', async (_, program, more, message) => {
    const { authorize } = await connection(await exec(program, more))
    const error = await authorize().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toMatch(message)
    expect(String((error as Error).stack)).not.toContain('canary')
  })
})

test('an auth provider that nobody knows is refused, not passed over', async () => {
  const { authorize } = await connection({ 'auth-provider': { name: 'acme' } })
  await expect(authorize()).rejects.toThrow('auth provider acme gave no credentials')
})

test('a proxy is used, with the token of the kubeconfig', async () => {
  const server = await serve((_, response) => sendJson(response, object('db', '7')))
  const asked: (string | undefined)[] = []
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url)
    const { port } = new URL(server.connection.server)
    const onward = connectSocket(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  const cluster = { server: 'http://c.internal:8080', 'proxy-url': `http://127.0.0.1:${port}` }
  const kube = connect(await connection({ token: 't' }, cluster), { userAgent: 'test' })
  await kube.get(SECRETS, { namespace: 'team', name: 'db' })
  expect(asked).toEqual(['c.internal:8080'])
  expect(server.requests[0]?.headers.authorization).toBe('Bearer t')
  kube.close()
  await server.close()
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})
