import { expect, test } from 'vitest'
import type { AccessQuestion } from '../../../../shared/sandbox/reviews.ts'
import { useSandbox } from './client.ts'

const asked: AccessQuestion[] = []
const client = useSandbox({
  access(question) {
    asked.push(question)
    return question.name !== 'no'
  },
})
const REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews'

async function tokenFor(name: string, audiences?: string[]): Promise<string> {
  const path = `/api/v1/namespaces/shop/serviceaccounts/${name}/token`
  const { status, body } = await client.post(path, { spec: { audiences } })
  expect(status).toBe(201)
  return body.status.token
}
const review = async (token: string, audiences?: string[]) =>
  (await client.post(REVIEWS, { spec: { token, audiences } })).body.status

test('a token for an audience is one there, and nowhere else', async () => {
  const token = await tokenFor('ci', ['a', 'b'])
  expect(await review(token, ['b', 'c'])).toMatchObject({
    authenticated: true,
    audiences: ['b'],
    user: { username: 'system:serviceaccount:shop:ci' },
  })
  for (const audiences of [['c'], undefined])
    expect((await review(token, audiences)).authenticated).toBeUndefined()
  const { status } = await client.get('/api/v1/secrets', { headers: { Authorization: `Bearer ${token}` } })
  expect(status).toBe(401)
})

test('one without audiences is for the server itself', async () => {
  const token = await tokenFor('ci')
  expect(await review(token)).toMatchObject({ authenticated: true })
  expect((await review(token, ['a'])).authenticated).toBeUndefined()
  const { status } = await client.get('/api/v1/secrets', { headers: { Authorization: `Bearer ${token}` } })
  expect(status).toBe(200)
})

test('access reviews answer what they are told to', async () => {
  const about = (name: string) => ({ verb: 'update', group: 'g', resource: 'r', namespace: 'n', name })
  const path = (kind: string) => `/apis/authorization.k8s.io/v1/${kind}`
  const other = async (name: string) =>
    (
      await client.post(path('subjectaccessreviews'), {
        spec: { user: 'u', resourceAttributes: about(name) },
      })
    ).body
  expect((await other('yes')).status).toEqual({ allowed: true })
  expect((await other('no')).status).toEqual({ allowed: false })
  expect(asked.at(-1)).toEqual({ user: 'u', ...about('no') })
  const own = await client.post(path('selfsubjectaccessreviews'), {
    spec: { resourceAttributes: about('no') },
  })
  expect(own.body.status).toEqual({ allowed: false })
  expect(asked.at(-1)?.user).toBe('admin')
})
