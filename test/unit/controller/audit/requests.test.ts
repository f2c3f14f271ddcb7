import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Entry } from '../../../../controller/audit/entry.ts'
import { type Answered, createRequestAudit } from '../../../../controller/audit/requests.ts'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { sealedSecretObject } from '../../../../shared/format/write.ts'
import { auditLines, lineFor } from '../../../support/audit-lines.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { sealObject, seededRandom } from '../../../support/objects.ts'
import { until } from '../../../support/programs.ts'
import { clusterKey, type PostsSite, startPosts, strangeKey } from '../posts-site.ts'

const kem = await chooseKem()
const value = canary()
const sealedFor = async (key: typeof clusterKey) =>
  sealObject(kem, [key], new Map([['password', value.bytes]]), seededRandom(8))

describe('a controller that is asked', () => {
  let posts: PostsSite
  const text: string[] = []

  beforeAll(async () => {
    const audit = { write: (lines: readonly string[]) => ({ taken: text.push(...lines) && lines.length }) }
    posts = await startPosts({}, true, audit)
  })
  afterAll(async () => {
    await posts?.stop()
    expectNoCanary(text.join(''), 'the audit log', [value])
  })

  const ask = async (route: string, key: typeof clusterKey, token?: string) => {
    const before = text.length
    const headers = token === undefined ? {} : { 'X-Waxwing-Token': token }
    const body = JSON.stringify(sealedSecretObject(await sealedFor(key)))
    const { status } = await fetch(`${posts.url}${route}`, { method: 'POST', headers, body })
    const lines = await until('a line', async () => {
      const found = auditLines(text.slice(before).join('')).filter(({ type }) => type === 'request')
      return found.length > 0 && found
    })
    return { status, lines: lines.map(({ seq: _, ...line }) => line) }
  }
  const object = { kind: 'SealedSecret', namespace: 'shop', name: 'db' }
  const actor = { user: 'system:serviceaccount:shop:sealer' }

  test('by who may: what it was, and which keys opened it', async () => {
    const token = await posts.token('sealer')
    for (const [path, route] of [
      ['/v1/verify', '/v1/verify'],
      ['/V1/Rewrap/?x=1', '/v1/rewrap'],
    ] as const) {
      const { status, lines } = await ask(path, clusterKey, token)
      expect(status).toBe(200)
      const names = { keyIds: [clusterKey.id], dataKeys: ['password'] }
      expect(lines).toMatchObject([{ route, result: 'done', actor, object, ...names }])
    }
  })

  test('for what does not open here: why, and which keys it would take', async () => {
    const { status, lines } = await ask('/v1/verify', strangeKey, await posts.token('sealer'))
    expect(status).toBe(403)
    expect(lines).toMatchObject([
      { result: 'refused', reason: 'no-key', actor, object, keyIds: [strangeKey.id] },
    ])
  })

  test('by who may not', async () => {
    posts.allow(() => false)
    const { lines } = await ask('/v1/verify', clusterKey, await posts.token('other'))
    posts.allow(() => true)
    const user = 'system:serviceaccount:shop:other'
    expect(lines).toMatchObject([{ result: 'refused', reason: 'no-right', actor: { user }, object }])
  })

  test.each([
    ['no-token', undefined],
    ['token-not-accepted', 'nonsense'],
  ])('by a stranger: %s', async (reason, token) => {
    const { lines } = await ask('/v1/verify', clusterKey, token)
    expect(lines).toMatchObject([{ result: 'refused', reason, actor: { address: '127.0.0.1' } }])
    expect(lines[0]).not.toHaveProperty('object')
  })
})

describe('many lines', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function auditing() {
    const entries: Entry[] = []
    const world = { clock: 0 }
    const end = new AbortController()
    const answered = createRequestAudit(
      (entry) => {
        lineFor(entry)
        entries.push(entry)
      },
      () => true,
      { clock: () => world.clock, signal: end.signal },
    )
    const line: Answered = { route: '/v1/verify', result: 'refused', reason: 'no-token', address: '10.0.0.1' }
    return { entries, world, end, ask: (more: Partial<Answered> = {}) => answered({ ...line, ...more }) }
  }
  const suppressed = (count: number) => ({ type: 'audit', action: 'suppressed', count })

  test('of strangers are cut off and counted, whatever their address', () => {
    const { entries, world, ask } = auditing()
    for (let i = 0; i < 1_000; i++) ask({ address: `10.0.${i % 250}.1` })
    expect(entries).toHaveLength(50)
    vi.advanceTimersByTime(10_000)
    expect(entries.slice(50)).toEqual([suppressed(950)])
    vi.advanceTimersByTime(60_000)
    world.clock = 2_000
    for (let i = 0; i < 5; i++) ask()
    expect(entries).toHaveLength(53)
  })

  test('of one who asks too often are too, and do not use up what is for strangers', () => {
    const { entries, end, ask } = auditing()
    for (let i = 0; i < 60; i++) ask({ result: 'limited', user: 'u' })
    ask()
    end.abort()
    expect(entries).toHaveLength(52)
    expect(entries.at(-2)).toMatchObject({ actor: { address: '10.0.0.1' } })
    expect(entries.at(-1)).toEqual(suppressed(10))
    expect(vi.getTimerCount()).toBe(0)
  })

  test('of callers with rights are all written', () => {
    const { entries, ask } = auditing()
    for (let i = 0; i < 500; i++) ask({ result: 'refused', reason: 'tampered', user: 'u' })
    expect(entries).toHaveLength(500)
  })

  test('whatever a caller is called, the line is one', () => {
    const { entries, ask } = auditing()
    ask({ user: `"\n\u2028${'x'.repeat(1_000)}` })
    expect(entries).toMatchObject([{ actor: { user: `"??${'x'.repeat(253)}` } }])
  })
})
