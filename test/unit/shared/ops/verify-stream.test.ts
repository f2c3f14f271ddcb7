import { describe, expect, test } from 'vitest'
import { verifyRecipients } from '../../../../shared/ops/verify-keys.ts'
import { verifyStream } from '../../../../shared/ops/verify-stream.ts'
import { namedKey } from '../../../support/keys.ts'
import { secretText } from './secrets.ts'
import { keysOf, NOW, prod, recovery, sealText } from './streams.ts'

const good = await sealText(secretText('stringData: { a: x, b: y }'))
const nothing = { objects: 0, keys: [], recipients: [], sealed: [], findings: [] }
const findings = async (text: string, keys?: Parameters<typeof verifyStream>[2]) =>
  (await verifyStream('f.yaml', text, keys)).findings

test('a good object: nothing found, its recipients noted', async () => {
  expect(await verifyStream('f.yaml', good)).toEqual({
    objects: 1,
    keys: [],
    recipients: [{ id: prod.key.id, file: 'f.yaml', line: 16, column: 11 }],
    sealed: [
      {
        sealed: expect.objectContaining({ name: 'db' }),
        namespace: 'shop',
        name: 'db',
        recipients: [prod.key.id],
        file: 'f.yaml',
        line: 4,
        column: 3,
      },
    ],
    findings: [],
  })
})

describe('what does not speak of Waxwing is not read', () => {
  test.each(['', 'a: "b\n', '{{ if }}', secretText('data: { a: "!" }')])('%j', async (text) => {
    expect(await verifyStream('f.yaml', text)).toEqual(nothing)
  })

  test('nor such a document among others', async () => {
    expect(await findings(`a: "b\n---\n${good}`)).toEqual([])
  })

  test('other kinds of the group are left alone', async () => {
    expect(await verifyStream('f.yaml', 'apiVersion: waxwing.dev/v1alpha1\nkind: Other\nspec: 1\n')).toEqual(
      nothing,
    )
  })
})

describe('each refusal at its place, whole', () => {
  test.each([
    [
      good.replace('name: db', 'name: prod-db'),
      {
        code: 'moved',
        line: 13,
        column: 7,
        args: {
          reason: 'sealed for another name, namespace or scope than shop/prod-db, strict scope',
          origin: 'shop/db, strict scope',
        },
      },
    ],
    [
      good.replace('xwing-xsalsa20poly1305', 'rot13'),
      {
        code: 'unknown-suite',
        line: 12,
        column: 7,
        args: { reason: expect.stringContaining('uses a suite') },
      },
    ],
    [
      `${good}  template: { type: waxwing.dev/x }\n`,
      {
        code: 'reserved',
        line: 22,
        column: 15,
        args: { reason: "the template's type is reserved for Waxwing" },
      },
    ],
    [
      good.replace('spec:', 'spec:\n  spec: 1'),
      { code: 'malformed', line: 9, column: 3, args: { reason: 'spec.spec: unknown field' } },
    ],
    [
      good.replace('kind:', 'kind: a\nkind:'),
      {
        code: 'malformed',
        line: 3,
        column: 1,
        args: { reason: '`kind` stands twice in one mapping' },
      },
    ],
  ])('%#', async (text, expected) => {
    expect(await findings(text)).toEqual([{ severity: 'fail', file: 'f.yaml', ...expected }])
  })
})

test('what was not sealed for anything like its name has no origin', async () => {
  const [moved] = await findings(good.replace('name: db', 'name: dc'))
  expect(moved?.args).toEqual({
    reason: 'sealed for another name, namespace or scope than shop/dc, strict scope',
  })
})

test('several things wrong with one object', async () => {
  const text = `${good.replace('name: db', 'name: dc')}  template: { type: waxwing.dev/x }\n`
  expect((await findings(text)).map(({ code }) => code)).toEqual(['moved', 'reserved'])
})

describe('with private keys', () => {
  test('opens every value', async () => {
    expect(await findings(good, keysOf(prod))).toEqual([])
    const broken = good.replace(
      /("b": "[a-z2-7]+\..)./,
      (_, head) => `${head}${good.includes(`${head}A`) ? 'B' : 'A'}`,
    )
    expect(await findings(broken)).toEqual([])
    expect(await findings(broken, keysOf(prod))).toMatchObject([{ code: 'tampered', line: 21 }])
    expect(await findings(good, keysOf(recovery))).toMatchObject([{ code: 'no-key' }])
  })

  test('does not repeat what fails without them', async () => {
    const moved = good.replace('name: db', 'name: dc')
    expect(await findings(moved, keysOf(prod))).toHaveLength(1)
  })
})

describe('keys among the files', () => {
  test('are checked', async () => {
    expect(await findings(prod.publicText)).toEqual([])
    expect(await findings(prod.publicText.replace('id: wx', 'id: wy'))).toMatchObject([
      { code: 'key-mismatch', line: 6 },
    ])
    expect(await findings(prod.publicText.replace(/publicKey: .*/, 'publicKey: AA=='))).toMatchObject([
      { code: 'key-malformed', line: 8 },
    ])
  })

  test('tell which recipients are past their date', async () => {
    const old = await namedKey('stale', NOW)
    const sealed = await sealText(secretText('stringData: { a: x }'), undefined, {}, [prod.key, old.key])
    const streams = await Promise.all(
      [sealed, old.publicText, prod.publicText].map((text, i) => verifyStream(`${i}.yaml`, text)),
    )
    expect(verifyRecipients(streams, NOW)).toEqual([
      {
        code: 'key-stale',
        severity: 'warn',
        file: '0.yaml',
        line: 19,
        column: 11,
        args: { id: old.key.id, holder: 'stale', date: '2026-11-14', days: '90', used: 'true' },
      },
    ])
  })
})

describe('a newer key of the same holder', () => {
  const newer = { ...recovery.key, holder: 'prod', notBefore: '2026-10-01T00:00:00Z' }
  const found = async (key: typeof newer, now = NOW) =>
    verifyRecipients([await verifyStream('f.yaml', good)], now, [prod.key, key])

  test('replaces the older one', async () => {
    expect(await found(newer)).toEqual([
      {
        code: 'key-stale',
        severity: 'warn',
        file: 'f.yaml',
        line: 16,
        column: 11,
        args: { id: prod.key.id, holder: 'prod', date: '2026-10-01', used: 'replaced', newer: newer.id },
        hint: 'Seal it again, to the newer key; the old one still opens it.',
      },
    ])
  })

  test('not when it is retired; of a recipient that is, wraps are to be renewed', async () => {
    expect(await found({ ...newer, retired: true })).toEqual([])
    const retired = { ...prod.key, retired: true as const }
    expect(verifyRecipients([await verifyStream('f.yaml', good)], NOW, [retired])).toMatchObject([
      {
        code: 'key-stale',
        args: { id: prod.key.id, used: 'retired' },
        hint: expect.stringContaining('rewrap'),
      },
    ])
    expect(verifyRecipients([await verifyStream('f.yaml', good)], NOW, [retired, newer])).toMatchObject([
      { code: 'key-stale', args: { used: 'replaced', newer: newer.id } },
    ])
  })

  test('not when it is of another holder, as old, or dated in the future', async () => {
    expect(await found({ ...newer, holder: 'staging' })).toEqual([])
    expect(await found({ ...newer, notBefore: prod.key.notBefore })).toEqual([])
    expect(await found(newer, Date.parse('2026-09-30T00:00:00Z'))).toEqual([])
  })
})

test('lists, with and without the kinds of their items', async () => {
  const items = await sealText(secretText('data: { a: "" }'), 'json')
  const { apiVersion, kind: _, ...bare } = JSON.parse(items)
  const list = JSON.stringify({ apiVersion, kind: 'SealedSecretList', items: [bare, bare] })
  expect(await verifyStream('f', list)).toMatchObject({ objects: 2, findings: [] })
})
