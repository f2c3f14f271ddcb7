import { describe, expect, test } from 'vitest'
import { rewrap } from '../../../../../shared/format/rewrap.ts'
import type { SealedSecret } from '../../../../../shared/format/sealed-secret.ts'
import { sealedSecretObject, yamlText } from '../../../../../shared/format/write.ts'
import type { PrivateKey } from '../../../../../shared/keys/seed.ts'
import { renewalOf, rewriteWraps, takeWraps } from '../../../../../shared/ops/edit/rewrap.ts'
import { asKeys, readText, sealObject, seededRandom, testKeys } from '../../../../support/objects.ts'
import '../../../../support/throw-with-code.ts'
import { hunks, kem } from './files.ts'

const [old, older, newest, recovery] = (await testKeys(kem, 4)) as [
  PrivateKey,
  PrivateKey,
  PrivateKey,
  PrivateKey,
]
const own = asKeys(old, older, newest)
const target = { id: newest.id, publicKey: newest.key.publicKey }
const sealFor = (...keys: PrivateKey[]) =>
  sealObject(kem, keys, new Map([['a', Buffer.from('1')]]), seededRandom(7))
const renew = (sealed: SealedSecret) => rewrap(sealed, own, target, { kem, random: seededRandom(3) })
const textOf = (sealed: SealedSecret) => yamlText(sealedSecretObject(sealed))

async function rewritten(
  ...keys: PrivateKey[]
): Promise<{ lines: string[]; after: SealedSecret; text: string }> {
  const before = await sealFor(...keys)
  const plain = textOf(before)
    .replace('kind: SealedSecret', 'kind:   SealedSecret # ours\nextra: &x')
    .replace('extra: &x\n', '')
    .replace(/ {6}recipients:/, '      # who opens it\n      recipients:')
    .replace('  data:\n', '  # values\n  data:\n')
  const after = await renew(before)
  const text = rewriteWraps(plain, [], before, after)
  return { lines: hunks(plain, text), after, text }
}

describe('a rewrap in its file', () => {
  test.each([
    ['one for one', [recovery, old], [recovery, newest], 6],
    ['one for two', [old, recovery, older], [newest, recovery], 9],
    ['one beside the new one', [newest, old], [newest], 3],
  ])('%s: only its wraps change', async (_what, from, to, count) => {
    const { lines, after, text } = await rewritten(...from)
    expect(lines).toHaveLength(count)
    for (const line of lines) expect(line).toMatch(/^[-+] {8}(- | {2})(key|kem|wrap): "/)
    expect(text).toContain('# who opens it\n')
    expect(text).toContain('# values\n')
    expect(readText(text)).toEqual(after)
    expect(after.envelopes[0]?.recipients.map(({ key }) => key)).toEqual(to.map(({ id }) => id))
  })

  test('nothing to do: nothing changes', async () => {
    expect((await rewritten(newest, recovery)).lines).toEqual([])
  })

  test('is told by the ids of keys', async () => {
    const before = await sealFor(recovery, old)
    expect(renewalOf(before, await renew(before))).toEqual({ gone: [old.id], fresh: [newest.id] })
    expect(renewalOf(before, before)).toEqual({ gone: [], fresh: [] })
  })
})

describe('of an answer', () => {
  test('the wraps are taken, and nothing else', async () => {
    const before = await sealFor(recovery, old, older)
    const answer = await renew(before)
    const other = { ...answer, annotations: new Map([['a', 'b']]), data: new Map(), name: 'x' }
    expect(takeWraps(before, other)).toEqual(answer)
    expect(takeWraps(before, before)).toEqual(before)
  })

  test.each<[string, (answer: SealedSecret, before: SealedSecret) => Promise<SealedSecret['envelopes']>]>([
    ['no envelope', async () => []],
    ['one too many', async ({ envelopes }) => [...envelopes, ...envelopes]],
    [
      'another',
      async () =>
        (await sealObject(kem, [old], new Map([['a', Buffer.from('2')]]), seededRandom(9))).envelopes,
    ],
    ['no wraps', async ({ envelopes }) => envelopes.map((one) => ({ ...one, recipients: [] }))],
    [
      'another order',
      async (_, { envelopes }) =>
        envelopes.map((one) => ({ ...one, recipients: one.recipients.toReversed() })),
    ],
    [
      'further wraps',
      async ({ envelopes }, before) =>
        envelopes.map((one, i) => ({
          ...one,
          recipients: [...(before.envelopes[i]?.recipients ?? []), ...one.recipients.slice(1)],
        })),
    ],
    [
      'another commitment',
      async ({ envelopes }) => envelopes.map((one) => ({ ...one, commitment: new Uint8Array(32) })),
    ],
  ])('%s is refused', async (_what, change) => {
    const before = await sealFor(recovery, old)
    const answer = await renew(before)
    const envelopes = await change(answer, before)
    expect(() => takeWraps(before, { ...answer, envelopes })).toThrowWithCode('cluster-answer')
  })
})
