import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { stretch } from '../../../../cli/io/scrypt.ts'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { archiveText, readArchive, SCRYPT } from '../../../../shared/keys/backup/archive.ts'
import { type KeptKeys, type KeptSecret, keptSecret } from '../../../../shared/keys/backup/contents.ts'
import { knownKey } from '../../../../shared/keys/backup/facts.ts'
import { type Locks, openByKeys, openByPassphrase, sealBackup } from '../../../../shared/keys/backup/seal.ts'
import { BITNAMI_KEY_LABEL, KEY_LABEL } from '../../../../shared/keys/labels.ts'
import { archiveOf, bitnamiKey, keptKey, quickStretch } from '../../../support/backups.ts'
import { namedKey } from '../../../support/keys.ts'
import { asKeys, seededRandom } from '../../../support/objects.ts'
import '../../../support/throw-with-code.ts'

const [prod, recovery, staging] = await Promise.all(['prod', 'recovery', 'staging'].map(namedKey))
if (!prod || !recovery || !staging) throw new Error('keys')
const kem = await chooseKem()
const PASSPHRASE = 'correct horse battery staple'
const keys: KeptKeys = {
  namespace: 'waxwing-system',
  secrets: [
    { ...keptKey(prod, 'waxwing-key-2'), annotations: { note: 'a "quoted"\nline' } },
    { ...keptKey(staging, 'waxwing-key-1', 'retired'), immutable: true },
    bitnamiKey(),
  ],
}
const withPassphrase: Locks = { passphrase: PASSPHRASE, recipients: [] }
const withRecipient: Locks = { recipients: [recovery.key] }

/** An archive whose checksum fits what somebody made of it. */
function altered(text: string, from: string | RegExp, to: string): string {
  const body = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)
  const other = body.replace(from, to)
  expect(other).not.toBe(body)
  return `${other}  sha256: "${createHash('sha256').update(other).digest('base64')}"\n`
}

describe('an archive', () => {
  test('gives back every key as it was, by its passphrase', async () => {
    const archive = readArchive(await archiveOf(keys, withPassphrase))
    expect(await openByPassphrase(archive, PASSPHRASE, quickStretch)).toEqual(keys)
    expect(archive.recipients).toEqual([])
  })

  test('by the private key of each recipient, and by the passphrase beside them', async () => {
    const locks = { passphrase: PASSPHRASE, recipients: [recovery.key, staging.key] }
    const archive = readArchive(await archiveOf(keys, locks))
    for (const { opened } of [recovery, staging])
      expect(await openByKeys(archive, asKeys(opened))).toEqual(keys)
    expect(await openByPassphrase(archive, PASSPHRASE, quickStretch)).toEqual(keys)
  })

  test('with the real scrypt, whose numbers stand in it', async () => {
    const parts = { kem, stretch, random: seededRandom(3), created: '2026-11-24T09:30:00Z' }
    const text = archiveText(await sealBackup(keys, withPassphrase, parts))
    expect(text).toContain('kdf: scrypt\n    "N": 131072\n    r: 8\n    p: 1\n')
    expect(SCRYPT).toEqual({ N: 2 ** 17, r: 8, p: 1 })
    expect(await openByPassphrase(readArchive(text), PASSPHRASE, stretch)).toEqual(keys)
  })

  test('shows neither seeds nor ids of what is in it', async () => {
    const text = await archiveOf(keys, withPassphrase)
    for (const { data } of keys.secrets)
      for (const value of Object.values(data)) expect(text).not.toContain(value)
    expect(text).not.toContain(prod.key.id)
  })

  test('survives line ends of Windows', async () => {
    const text = (await archiveOf(keys, withPassphrase)).replaceAll('\n', '\r\n')
    expect(await openByPassphrase(readArchive(text), PASSPHRASE, quickStretch)).toEqual(keys)
  })

  test('opens by a passphrase in either way of writing its letters', async () => {
    const text = await archiveOf(keys, { passphrase: 'caf\u00e9 caf\u00e9 caf\u00e9', recipients: [] })
    const opened = openByPassphrase(readArchive(text), 'cafe\u0301 cafe\u0301 cafe\u0301', quickStretch)
    expect(await opened).toEqual(keys)
  })
})

describe('it is refused', () => {
  test('with another passphrase', async () => {
    const archive = readArchive(await archiveOf(keys, withPassphrase))
    await expect(
      openByPassphrase(archive, 'correct horse battery stable', quickStretch),
    ).rejects.toThrowWithCode('backup-passphrase')
  })

  test('with private keys of others, and with a passphrase where it has none', async () => {
    const archive = readArchive(await archiveOf(keys, withRecipient))
    await expect(openByKeys(archive, asKeys(prod.opened))).rejects.toThrowWithCode('backup-recipient')
    await expect(openByPassphrase(archive, PASSPHRASE, quickStretch)).rejects.toThrowWithCode(
      'backup-recipient',
    )
  })

  test.each([
    ['its time', 'created: "2026', 'created: "2025'],
    ['a recipient less', / {4}- key: (wx.*\n)(.*\n){2}/, ''],
  ])('changed with a checksum that fits: %s', async (_what, from, to) => {
    const locks = { passphrase: PASSPHRASE, recipients: [recovery.key, staging.key] }
    const archive = readArchive(altered(await archiveOf(keys, locks), from, to))
    await expect(openByPassphrase(archive, PASSPHRASE, quickStretch)).rejects.toThrowWithCode(
      'backup-damaged',
    )
    await expect(openByKeys(archive, asKeys(staging.opened))).rejects.toThrowWithCode('backup-damaged')
  })

  test('put together of two archives', async () => {
    const [one, two] = await Promise.all([archiveOf(keys, withRecipient), archiveOf(keys, withRecipient, 9)])
    const line = (text: string, name: string) => new RegExp(`  ${name}: .*\n`).exec(text)?.[0] ?? ''
    for (const name of ['payload', 'commitment', 'wrap', 'kem']) {
      const archive = readArchive(altered(one, line(one, name), line(two, name)))
      await expect(openByKeys(archive, asKeys(recovery.opened))).rejects.toThrowWithCode('backup-damaged')
    }
  })

  test.each([
    ['a weaker scrypt', '"N": 131072', '"N": 1024'],
    ['a scrypt that takes all of the memory', '"N": 131072', '"N": 1073741824'],
    ['another one than scrypt', 'kdf: scrypt', 'kdf: none'],
    ['another suite', /suite: .*/, 'suite: rot13'],
    ['an unknown field', '  commitment:', '  comitment:'],
    ['a salt of another length', /salt: .*/, 'salt: AAAA'],
    ['no YAML', '  commitment:', '  : : commitment:'],
  ])('of another form, before anything is computed: %s', async (_what, from, to) => {
    const text = altered(await archiveOf(keys, withPassphrase), from, to)
    expect(() => readArchive(text)).toThrowWithCode('backup-format')
  })

  test.each([
    ['another document', 'apiVersion: v1\nkind: Secret\n'],
    ['another version', 'apiVersion: waxwing.dev/v9\nkind: KeyBackup\n'],
  ])('where it is none: %s', (_what, text) => {
    expect(() => readArchive(text)).toThrowWithCode('backup-format')
  })

  test.each([
    ['no key, which could be a token', { type: 'kubernetes.io/service-account-token' }],
    ['no label', { labels: {} }],
    ['a field that is not known', { finalizers: [] }],
    ['data that is no text', { data: { seed: 1 } }],
  ])('where a Secret in it has %s', async (_what, change) => {
    const secrets = [{ ...keptKey(prod, 'waxwing-key-1'), ...change }] as unknown as KeptSecret[]
    const archive = readArchive(await archiveOf({ namespace: 'x', secrets }, withPassphrase))
    await expect(openByPassphrase(archive, PASSPHRASE, quickStretch)).rejects.toThrowWithCode('backup-format')
  })

  test('for a recipient whose public key is none', async () => {
    const recipients = [{ id: recovery.key.id, publicKey: new Uint8Array(1216).fill(255) }]
    await expect(archiveOf(keys, { recipients })).rejects.toThrowWithCode('key-malformed')
  })
})

describe('what is kept and told of a Secret', () => {
  test('labels, annotations, type and data; not what belongs to one cluster, nor copies of the key', () => {
    const { name, ...kept } = keptKey(prod, 'waxwing-key-1', 'retired')
    const given = {
      metadata: {
        name,
        namespace: 'waxwing-system',
        uid: 'u',
        resourceVersion: '7',
        labels: kept.labels,
        annotations: {
          'example.com/owner': 'sre',
          'waxwing.dev/rewrap-at-rest': 'now',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
      type: kept.type,
      data: kept.data,
    }
    expect(keptSecret(given)).toEqual({ name, ...kept, annotations: { 'example.com/owner': 'sre' } })
  })

  test('of a sealing key', async () => {
    const { facts } = await knownKey(kem, keptKey(prod, 'k', 'retired'))
    const { id, notBefore, notAfter } = prod.key
    const told = { kind: 'waxwing', state: 'retired', form: 'plain', holder: 'prod' }
    expect(facts).toEqual({ ...told, id, notBefore, notAfter })
  })

  test('of a wrapped one who opens it', async () => {
    const { data, ...rest } = keptKey(prod, 'k')
    const wrapped = { ...rest, data: { public: data.public ?? '', wrappedSeed: 'AAAA', wrappedBy: 'e30=' } }
    expect((await knownKey(kem, wrapped)).facts).toMatchObject({ form: 'wrapped', by: 'a provider' })
    const annotations = { 'waxwing.dev/at-rest': 'kms' }
    expect((await knownKey(kem, { ...wrapped, annotations })).facts).toMatchObject({ by: 'kms' })
  })

  test("of Bitnami's its fingerprint and dates", async () => {
    const { facts } = await knownKey(kem, bitnamiKey())
    expect(facts).toMatchObject({ kind: 'bitnami', state: 'active', form: 'plain' })
    expect(facts.id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(Date.parse(facts.notAfter ?? '')).toBeGreaterThan(Date.parse(facts.notBefore ?? ''))
  })

  test.each<[string, KeptSecret]>([
    [
      "another key's seed",
      { ...keptKey(prod, 'k'), data: { ...keptKey(prod, 'k').data, seed: `${'A'.repeat(43)}=` } },
    ],
    ['no seed', { ...keptKey(prod, 'k'), data: { public: keptKey(prod, 'k').data.public ?? '' } }],
    ['no public part', { ...keptKey(prod, 'k'), data: { seed: keptKey(prod, 'k').data.seed ?? '' } }],
    ['junk for it', { ...keptKey(prod, 'k'), data: { ...keptKey(prod, 'k').data, public: 'e30=' } }],
    ["another certificate's key", { ...bitnamiKey(), data: { ...bitnamiKey().data, 'tls.key': 'AAAA' } }],
    ['nothing', { ...bitnamiKey(), data: {} }],
  ])('that it is malformed: %s', async (_what, secret) => {
    const { facts } = await knownKey(kem, secret)
    const state = secret.labels[KEY_LABEL] ?? secret.labels[BITNAMI_KEY_LABEL]
    expect(facts).toEqual({ kind: facts.kind, state, form: 'malformed' })
  })
})
