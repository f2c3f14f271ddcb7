import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callerToken } from '../../../cli/cluster-token.ts'
import { ApiError } from '../../../shared/kube/errors.ts'
import type { Kube } from '../../../shared/kube/port.ts'
import { kubeconfigText } from '../../../shared/sandbox/kubeconfig.ts'
import '../../support/throw-with-code.ts'

let dir: string
let asked: { path: string; spec: object }[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'waxwing-token-'))
  asked = []
})
afterEach(() => rmSync(dir, { recursive: true }))

const jwt = (claims: object) => `e.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

function tokenOf(token: string, asServiceAccount?: string, fails = false): Promise<string> {
  const kubeconfig = join(dir, 'config')
  writeFileSync(kubeconfig, kubeconfigText({ url: 'http://127.0.0.1:1', token }))
  const kube = {
    async post(path: string, body: string) {
      asked.push({ path, spec: JSON.parse(body).spec })
      if (fails) throw new ApiError(`post ${path}`, 403, 'Forbidden', { causes: [] })
      return JSON.stringify({ status: { token: 'made' } })
    },
  } as Pick<Kube, 'post'> as Kube
  const options = {
    kubeconfig,
    controllerNamespace: 'w',
    controllerName: 'w',
    ...(asServiceAccount && { asServiceAccount }),
  }
  return callerToken(kube, options, new AbortController().signal)
}

test('that of the kubeconfig, where it is for the controller', async () => {
  for (const aud of ['waxwing', ['api', 'waxwing']]) {
    const token = jwt({ aud, sub: 'somebody' })
    expect(await tokenOf(token)).toBe(token)
  }
  expect(asked).toEqual([])
})

test('one of the ServiceAccount that is named, or that the kubeconfig is of', async () => {
  expect(await tokenOf('opaque', 'shop/ci')).toBe('made')
  expect(await tokenOf(jwt({ aud: ['api'], sub: 'system:serviceaccount:shop:ci' }))).toBe('made')
  const one = {
    path: '/api/v1/namespaces/shop/serviceaccounts/ci/token',
    spec: { audiences: ['waxwing'], expirationSeconds: 600 },
  }
  expect(asked).toEqual([one, one])
})

test.each(['opaque', jwt({ aud: ['api'], sub: 'alice' }), 'a.b.c', 'e.bnVsbA.s'])(
  'else it says what to pass (%s)',
  async (token) => {
    await expect(tokenOf(token)).rejects.toThrowWithCode('usage')
  },
)

test('a name without a namespace, and a right that is missing', async () => {
  await expect(tokenOf('t', 'ci')).rejects.toThrowWithCode('usage')
  await expect(tokenOf('t', 'shop/ci', true)).rejects.toThrowWithCode('cluster')
})
