import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '../../../support/throw-with-code.ts'
import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import { readKeyStream } from '../../../../shared/ops/key-stream.ts'
import { manyKeys } from '../../../support/keys.ts'
import { readText } from '../../../support/objects.ts'
import { secretText } from './secrets.ts'
import { prod, recovery, sealText, unsealText } from './streams.ts'

const secret = secretText('stringData: { username: app, password: x }')
const other = 'apiVersion: v1\nkind: ConfigMap   # not ours\ndata: {   a:   1 }\n'
/** With what is sealed replaced by dots, the form alone. */
const form = (text: string) => text.replace(/[A-Za-z0-9+/]{40,}={0,2}/g, '…')

test('one object: name, namespace, scope, times of sealing, one envelope, all values', async () => {
  const sealed = readText(await sealText(secret, undefined, {}, [prod.key, recovery.key]))
  expect(sealed).toMatchObject({ name: 'db', namespace: 'shop', scope: 'strict', labels: new Map() })
  expect([...sealed.annotations]).toEqual([
    ['waxwing.dev/sealed-at', '{"username":"2026-11-24T12:00:00Z","password":"2026-11-24T12:00:00Z"}'],
  ])
  expect(sealed.envelopes.map(({ recipients }) => recipients.map(({ key }) => key))).toEqual([
    [prod.key.id, recovery.key.id],
  ])
  expect([...sealed.data.keys()]).toEqual(['username', 'password'])
})

describe('what is not a Secret keeps every byte', () => {
  const around: [string, string, string][] = [
    ['before and after', `${other}---\n`, `---\n${other}`],
    ['with comments and directives', `# top\n%YAML 1.2\n---\n${other}--- \n`, `--- # last\n# nothing\n`],
    ['with CRLF', `${other}---\n`.replaceAll('\n', '\r\n'), '---\r\na: b\r\n'],
    ['with a byte order mark', `\uFEFF${other}---\n`, ''],
    ['with document ends', `${other}...\n---\n`, '...\na: b\n...\n'],
    ['with empty documents', '---\n---\n', '---\n---\n'],
    ['without a line end', `${other}---\n`, '---\na: b'],
  ]
  test.each(around)('%s', async (_what, before, after) => {
    const out = await sealText(`${before}${secret}${after}`)
    // The Secret's own marker, and the end that belongs to it, are written anew.
    const head = before.replace(/---[ \r\n]*$/, '')
    const tail = after.replace(/^\.\.\.\n/, '')
    expect(out.startsWith(head)).toBe(true)
    expect(out.endsWith(tail)).toBe(true)
    const opened = await unsealText(out)
    expect(opened.startsWith(head)).toBe(true)
    expect(opened.endsWith(tail)).toBe(true)
    expect(opened).toContain('password: eA==')
  })

  test('for any texts of other documents', async () => {
    const line = fc.constantFrom(
      'a: b',
      '# c',
      '',
      '  d: |',
      '   e',
      '- f',
      '"g"',
      'h: {i: j}',
      '\t',
      '%k',
      '....',
      '----',
    )
    const text = fc.array(line, { maxLength: 5 }).map((lines) => `${lines.join('\n')}\n`)
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const stream = `${before}---\n${secret}---\n${after}`
        const sealed = await sealText(stream).catch(() => undefined)
        if (sealed === undefined) return // not YAML: refused whole
        // Comments before a marker belong to the document that it starts.
        if (/^[^#%\s]/m.test(before)) expect(sealed.startsWith(before)).toBe(true)
        expect(sealed.endsWith(`---\n${after}`)).toBe(true)
        expect(sealed).not.toContain('kind: Secret\n')
      }),
      { numRuns: 60 },
    )
  })
})

describe('form of the output', () => {
  test.each([
    ['YAML', secret, undefined, 'apiVersion: waxwing'],
    ['YAML, marked', `---\n${secret}`, undefined, '---\napiVersion: waxwing'],
    [
      'JSON',
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'b' } }),
      undefined,
      '{\n  "apiVersion": "waxwing',
    ],
    [
      'a YAML flow mapping is no JSON',
      '{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: b}}',
      undefined,
      'apiVersion: waxwing',
    ],
    ['YAML as JSON', secret, 'json' as const, '{\n  "apiVersion": "waxwing'],
    [
      'JSON as YAML',
      '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "namespace": "b"}}',
      'yaml' as const,
      'apiVersion: waxwing',
    ],
  ])('%s', async (_what, text, output, start) => {
    expect((await sealText(text, output)).startsWith(start)).toBe(true)
  })

  test('JSON of several documents is a List, with lists taken apart and others converted', async () => {
    const list = `---\napiVersion: v1\nkind: List\nitems: [${JSON.stringify({ a: 'no', b: [1, null, true, 1.5] })}]\n`
    const out = JSON.parse(await sealText(`${secret}${list}---\n# only a comment\n---\nx: yep\n`, 'json'))
    expect(Object.keys(out)).toEqual(['apiVersion', 'kind', 'items'])
    expect(out.items.slice(1)).toEqual([{ a: 'no', b: [1, null, true, 1.5] }, { x: 'yep' }])
  })

  test.each(['no', '012', '1_000', '2024-01-01', '.inf', '12345678901234567890', '0x1F', 'Yes'])(
    'JSON does not guess what %s is',
    async (scalar) => {
      await expect(sealText(`${secret}---\na: ${scalar}\n`, 'json')).rejects.toThrowWithCode(
        'json-ambiguous',
        ['a'],
      )
    },
  )

  test('a list goes out with its items as they were read', async () => {
    const items =
      'a: yes\nb: "yes"\nc: 012\nd: |\n  x\n  y\ne: ""\nf:\ng: 2024-01-01\nh: "1"\n"no": [1.0, 1e3, {i: ~}]\n'
    const text = `apiVersion: v1\nkind: List\nitems:\n  - ${items.trim().replaceAll('\n', '\n    ')}\n  - ${secret.trim().replaceAll('\n', '\n    ')}\n`
    expect(form(await sealText(text)).split('  - apiVersion')[0]).toBe(
      'apiVersion: v1\nkind: List\nitems:\n  - a: yes\n    b: "yes"\n    c: 012\n    d: "x\\ny\\n"\n    e: ""\n    f:\n    g: 2024-01-01\n    h: "1"\n    "no":\n      - 1.0\n      - 1e3\n      - i: ~\n',
    )
  })
})

test('any bytes under any data keys come back', async () => {
  const keys = fc.stringMatching(/^[-_a-zA-Z0-9][-._a-zA-Z0-9]{0,20}$/)
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, fc.uint8Array({ maxLength: 200 })), async (values) => {
      const data = Object.entries(values).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')])
      const lines = data.map(([key, text]) => `  ${JSON.stringify(key)}: ${JSON.stringify(text)}`)
      const text = lines.length > 0 ? secretText('data:', ...lines) : secretText()
      const opened = JSON.parse(await unsealText(await sealText(text), 'json'))
      expect(Object.entries(opened.data).sort()).toEqual(data.sort())
    }),
    { numRuns: 100 },
  )
})

test('64 keys are sealed to, 65 are not', async () => {
  const recipients = (await readKeyStream('keys', await manyKeys(65), chooseKem)).keys.map(({ key }) => key)
  const sealed = readText(await sealText(secret, undefined, {}, recipients.slice(0, 64)))
  expect(sealed.envelopes[0]?.recipients).toHaveLength(64)
  await expect(sealText(secret, undefined, {}, recipients)).rejects.toThrowWithCode('too-large')
})
