import { describe, expect, test } from 'vitest'
import type { KeyEvent } from '../../../../controller/audit/entry.ts'
import { createKeyAudit } from '../../../../controller/audit/keys.ts'
import { createProviderAudit } from '../../../../controller/audit/providers.ts'
import { observedProviders } from '../../../../controller/keys/at-rest/observed.ts'
import { AtRestError, type Provider } from '../../../../controller/keys/at-rest/provider.ts'
import { storePlain } from '../../../../controller/keys/at-rest/stored.ts'
import { type KeyReading, newKeySecret, readKeySecret } from '../../../../controller/keys/key-secret.ts'
import type { SecretObject } from '../../../../controller/objects.ts'
import { fromBase64 } from '../../../../shared/crypto/base64.ts'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { KEY_LABEL } from '../../../../shared/keys/labels.ts'
import { CONFIG_MAPS, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../../../shared/kube/resources.ts'
import { lineFor } from '../../../support/audit-lines.ts'
import { apiError, createFakeKube } from '../fake-kube.ts'

const kem = await chooseKem()
const made = (name: string, n: number) =>
  newKeySecret(
    kem,
    { name, namespace: 'waxwing-system', holder: 'prod', seed: new Uint8Array(32).fill(n), now: 1e12 },
    storePlain,
  )
const read = (secret: SecretObject): Promise<KeyReading> =>
  readKeySecret(kem, secret, async (stored) =>
    stored.form === 'plain' ? fromBase64(stored.seed) : undefined,
  )
const first = await made('waxwing-key-1', 1)
const reading = await read(first)
if (reading.kind !== 'key') throw new Error('no key')
const { id } = reading.key.public
const labelled = (state: string): SecretObject => ({
  ...first,
  metadata: { ...first.metadata, labels: { [KEY_LABEL]: state } },
})

function auditing() {
  const entries: KeyEvent[] = []
  const audit = createKeyAudit((entry) => void entries.push(entry as KeyEvent))
  const kube = createFakeKube()
  return {
    ...audit,
    kube,
    through: audit.writes(kube),
    async see(secret: SecretObject) {
      audit.saw(secret, await read(secret))
    },
    /** The entries since the last call, each checked against the schema. */
    taken() {
      for (const entry of entries) lineFor(entry)
      return entries.splice(0)
    },
  }
}

describe('what is seen of a key Secret', () => {
  test('is noted when it changes, and not again', async () => {
    const { see, gone, taken } = auditing()
    const key = (state: string) => ({ secret: 'waxwing-key-1', id, state })
    const active = { type: 'key', action: 'load', result: 'done', key: key('active') }
    await see(first)
    await see(first)
    expect(taken()).toEqual([active])
    await see(labelled('retired'))
    await see(labelled('active'))
    await see({ ...first, data: { ...first.data, seed: 'AAAA' } })
    await see(first)
    gone('waxwing-key-1')
    gone('waxwing-key-1')
    expect(taken()).toEqual([
      { ...active, action: 'retire', key: key('retired') },
      { ...active, action: 'activate' },
      { ...active, result: 'refused', reason: 'malformed', key: { secret: 'waxwing-key-1' } },
      active,
      { ...active, action: 'remove' },
    ])
  })

  test('another key under the name is another key; one that nobody opens is told of once', async () => {
    const { see, saw, taken } = auditing()
    await see(first)
    const other = await made('waxwing-key-1', 2)
    await see(other)
    const wrapped: KeyReading = {
      kind: 'wrapped',
      why: 'no answer',
      state: 'active',
      public: reading.key.public,
    }
    saw(first, wrapped)
    saw(first, { ...wrapped, why: 'no answer yet' })
    await see(first)
    expect(taken().map((entry) => [entry.action, entry.result, entry.reason, entry.key.id === id])).toEqual([
      ['load', 'done', undefined, true],
      ['load', 'done', undefined, false],
      ['load', 'failed', 'wrapped', true],
      ['load', 'done', undefined, true],
    ])
  })
})

describe('writes', () => {
  test('of a first key, and of the next one', async () => {
    const { through, see, taken } = auditing()
    await through.create(SECRETS, first)
    await see(first)
    await through.create(SECRETS, await made('waxwing-key-2', 2))
    expect(taken().map(({ action, result, key }) => `${action} ${result} ${key.secret}`)).toEqual([
      'generate done waxwing-key-1',
      'load done waxwing-key-1',
      'renew done waxwing-key-2',
    ])
  })

  test('of a first key whose answer the watch overtakes', async () => {
    const { through, kube, see, taken } = auditing()
    kube.before = () => see(first)
    await through.create(SECRETS, first)
    expect(taken().map(({ action }) => action)).toEqual(['load', 'generate'])
  })

  test('of another controller that was faster are not ours; what fails says why', async () => {
    const { through, kube, taken } = auditing()
    kube.put(SECRETS, first)
    await expect(through.create(SECRETS, first)).rejects.toThrow()
    expect(taken()).toEqual([])
    kube.before = () => {
      throw apiError(403, 'Forbidden')
    }
    await expect(through.create(SECRETS, await made('waxwing-key-2', 2))).rejects.toThrow()
    expect(taken()).toMatchObject([{ action: 'generate', result: 'failed', reason: 'Forbidden' }])
  })

  test('of a seed in another form; not of its annotations alone', async () => {
    const { through, kube, see, taken } = auditing()
    kube.put(SECRETS, first)
    await see(first)
    taken()
    const secret = { namespace: 'waxwing-system', name: 'waxwing-key-1' }
    const annotations = { 'waxwing.dev/rewrap-at-rest': null, 'waxwing.dev/at-rest': 'kms' }
    await through.mergePatch(SECRETS, secret, { metadata: { annotations } })
    expect(taken()).toEqual([])
    await through.mergePatch(SECRETS, secret, { metadata: { annotations }, data: { seed: null } })
    expect(taken()).toMatchObject([{ action: 'rewrap', result: 'done', atRest: 'kms', key: { id } }])
  })

  test('of published keys; not of counts', async () => {
    const { through, kube, taken } = auditing()
    const metadata = { name: id, labels: { [KEY_LABEL]: 'active' } }
    await through.create(SEALING_KEYS, { metadata })
    await through.mergePatch(SEALING_KEYS, { name: id }, { metadata: { labels: { [KEY_LABEL]: 'retired' } } })
    await through.mergePatch(SEALING_KEYS, { name: id }, { status: { usage: {} } }, { subresource: 'status' })
    await through.delete(SEALING_KEYS, { name: id })
    kube.put(SEALING_KEYS, { metadata: { name: 'theirs' } })
    await through.delete(SEALING_KEYS, { name: 'theirs' })
    kube.put(CONFIG_MAPS, { metadata: { name: 'keys', namespace: 'x' } })
    const data = { [`${id}.yaml`]: 'text', 'old.yaml': null, 'waxwing.json': '{}' }
    await through.mergePatch(CONFIG_MAPS, { name: 'keys', namespace: 'x' }, { data })
    await through.create(SEALED_SECRETS, { metadata: { name: 'another', namespace: 'x' } })
    expect(taken().map(({ type: _, result: __, ...entry }) => entry)).toEqual([
      { action: 'publish', published: 'SealingKey', key: { id, state: 'active' } },
      { action: 'publish', published: 'SealingKey', key: { id, state: 'retired' } },
      { action: 'unpublish', published: 'SealingKey', key: { id } },
      { action: 'unpublish', published: 'SealingKey', key: {} },
      { action: 'publish', published: 'ConfigMap', key: { id } },
      { action: 'unpublish', published: 'ConfigMap', key: {} },
    ])
  })
})

test('a provider: each question that begins to fail, fails otherwise, and is answered again', async () => {
  const entries: KeyEvent[] = []
  let error: Error | undefined
  const answer = async (): Promise<never> => {
    if (error) throw error
    return undefined as never
  }
  const fake = { form: 'kms', what: 'a KMS', opens: () => true, wrap: answer, unwrap: answer, newest: answer }
  const provider = { ...fake, close: () => undefined } as Provider
  const audit = createProviderAudit((entry) => {
    lineFor(entry)
    entries.push(entry as KeyEvent)
  })
  const { target, all } = observedProviders({ target: provider, all: [provider] }, audit)
  expect(all).toEqual([target])
  const ask = () => target?.unwrap({} as never, id).catch(() => undefined)
  await ask()
  error = new AtRestError('unavailable', 'no answer')
  await ask()
  await ask()
  error = new AtRestError('refused', 'no')
  await ask()
  await target?.newest().catch(() => undefined)
  error = undefined
  await ask()
  await ask()
  expect(entries).toEqual(
    [
      { result: 'failed', reason: 'unavailable', key: { id }, provider: { form: 'kms', call: 'unwrap' } },
      { result: 'failed', reason: 'refused', key: { id }, provider: { form: 'kms', call: 'unwrap' } },
      { result: 'failed', reason: 'refused', key: {}, provider: { form: 'kms', call: 'newest' } },
      { result: 'done', key: { id }, provider: { form: 'kms', call: 'unwrap' } },
    ].map((entry) => ({ type: 'key', action: 'ask-provider', ...entry })),
  )
})
