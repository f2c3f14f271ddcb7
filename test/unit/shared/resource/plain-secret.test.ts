import { describe, expect, test } from 'vitest'
import { findingsOf, plan, secretText, valuesOf } from '../ops/secrets.ts'

const stringData = (entry: string) => secretText('stringData:', `  ${entry}`)
const data = (entry: string) => secretText('data:', `  ${entry}`)

describe('stringData is the text that was written', () => {
  test.each([
    ['y', 'y'],
    ['no', 'no'],
    ['On', 'On'],
    ['true', 'true'],
    ['012', '012'],
    ['0o14', '0o14'],
    ['1e3', '1e3'],
    ['1_000', '1_000'],
    ['5432', '5432'],
    ['190:20:30', '190:20:30'],
    ['.inf', '.inf'],
    ['-.INF', '-.INF'],
    ['.nan', '.nan'],
    ['0x1F', '0x1F'],
    ['+1', '+1'],
    ['1.0', '1.0'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['=', '='],
    ['""', ''],
    ["''", ''],
    ['"null"', 'null'],
    ["'~'", '~'],
    ['!!str 7', '7'],
    ['!!str', ''],
    ['"a\\tb\\u0000\\x41\\U0001F600"', 'a\tb\u0000A😀'],
    ['a   b', 'a   b'],
    ['a # comment', 'a'],
    ['a#b', 'a#b'],
    ['{a: b}'.replace(/[{}]/g, ''), undefined],
  ])('%s', (written, expected) => {
    if (expected === undefined) expect(() => valuesOf(stringData(`k: ${written}`))).toThrow('yaml-syntax')
    else expect(valuesOf(stringData(`k: ${written}`))).toEqual({ k: expected })
  })

  test('blocks keep their lines; CRLF is one line end, as YAML has it', () => {
    const blocks = secretText(
      'stringData:',
      '  a: |',
      '    x',
      '    y',
      '  b: |-',
      '    x',
      '  c: >',
      '    x',
      '    y',
    )
    const expected = { a: 'x\ny\n', b: 'x', c: 'x y\n' }
    expect(valuesOf(blocks)).toEqual(expected)
    expect(valuesOf(blocks.replaceAll('\n', '\r\n'))).toEqual(expected)
  })

  test('keys too: no, 10 and __proto__', () => {
    const text = secretText('stringData: { no: a, 10: b, __proto__: c, constructor: d }')
    expect([...(plan(text).secrets[0]?.secret.data.keys() ?? [])]).toEqual([
      'no',
      '10',
      '__proto__',
      'constructor',
    ])
  })

  test.each(['', '~', 'null', 'Null', 'NULL', '# nothing'])('null is refused: %s', (written) => {
    expect(findingsOf(stringData(`k: ${written}`))).toEqual(['secret-null 5:3 field=stringData.k'])
  })

  test('it wins over data, as in the API', () => {
    expect(valuesOf(secretText('stringData: { a: new }', 'data: { a: b2xk, b: b2xk }'))).toEqual({
      a: 'new',
      b: 'old',
    })
  })
})

describe('data is base64 as the API takes it', () => {
  test.each([
    ['YQ==', 'a'],
    ['""', ''],
    ['"YQ=="', 'a'],
    ['1234', Buffer.from('1234', 'base64').toString()],
    ['"YW\\nFh"', 'aaa'],
    ['"YW\\r\\nFh"', 'aaa'],
  ])('%s', (written, expected) => {
    expect(valuesOf(data(`k: ${written}`))).toEqual({ k: expected })
  })

  test('a block', () => {
    expect(valuesOf(secretText('data:', '  k: |', '    YW', '    Fh'))).toEqual({ k: 'aaa' })
  })

  test.each(['YQ', 'YQ=', 'YR==', 'Y Q==', '" YQ=="', '"YQ==\\t"', '_-8=', 'hunter2', 'YQ==YQ==', '=', 'ä'])(
    'refused: %s',
    (written) => {
      expect(findingsOf(data(`k: ${written}`))).toEqual(['secret-base64 5:3 field=data.k key=k'])
    },
  )
})

describe('what a Secret may have', () => {
  test.each([
    ['stringdata: {}', 'secret-field 4:1 problem=unknown field=stringdata meant=stringData'],
    ['Data: {}', 'secret-field 4:1 problem=unknown field=Data meant=data'],
    ['spec: {}', 'secret-field 4:1 problem=unknown'],
    ['hunter2: x', 'secret-field 4:1 problem=unknown'],
    ['data: []', 'secret-field 4:7 field=data problem=mapping'],
    ['stringData: text', 'secret-field 4:13 field=stringData problem=mapping'],
    ['data: { a: [b] }', 'secret-field 4:12 field=data.a problem=text'],
    ['stringData: { a: { b: c } }', 'secret-field 4:18 field=stringData.a problem=text'],
    ['type: { a: b }', 'secret-field 4:7 field=type problem=text'],
    ['immutable: yes', 'secret-field 4:12 field=immutable problem=boolean'],
    ['immutable: "true"', 'secret-field 4:13 field=immutable problem=boolean'],
    ['immutable: false', undefined],
  ])('%s', (line, expected) => {
    const found = findingsOf(secretText(line))
    expect(found.filter((finding) => !finding.startsWith('('))).toEqual(
      expected === undefined ? [] : [expected],
    )
  })

  test('every wrong place is told at once, in order', () => {
    const text = secretText('data: { a: "!", b: , c: YQ== }', 'immutable: 1', 'stringData: { ..d: x }')
    expect(findingsOf(text)).toEqual([
      'secret-base64 4:9 field=data.a key=a',
      'secret-null 4:17 field=data.b',
      'secret-field 5:12 field=immutable problem=boolean',
      'data-key 6:15 field=stringData...d',
    ])
  })

  test('empty fields are absent ones', () => {
    const text = secretText('data:', 'stringData: ~', 'type:', 'immutable:')
    expect(findingsOf(text)).toEqual(['(secret-empty) 1:1 name=db'])
  })

  test('a name of a misread line is never shown', () => {
    const text = secretText('stringData:', '  cert: |', 'hunter2 hunter2: x', '"my password": y')
    expect(JSON.stringify(plan(text).findings)).not.toMatch(/hunter2|my password/)
  })
})

describe('what goes into the template', () => {
  const kept = (metadata: string, ...lines: string[]) => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: shop\n${metadata}\n${lines.join('\n')}\n`
    const { secrets, findings } = plan(text)
    return { findings, secret: secrets[0]?.secret }
  }

  test('labels and annotations as text, type, immutable', () => {
    const { secret } = kept(
      '  labels: { on: true, "1": 012 }\n  annotations: { a: "" }',
      'type: t/x',
      'immutable: true',
    )
    expect(secret).toEqual({
      name: 'db',
      namespace: 'shop',
      labels: new Map([
        ['on', 'true'],
        ['1', '012'],
      ]),
      annotations: new Map([['a', '']]),
      data: new Map(),
      allow: [],
      type: 't/x',
      immutable: true,
    })
  })

  test('not what the server set, nor the copy of the manifest', () => {
    const { secret, findings } = kept(
      [
        '  uid: a',
        '  resourceVersion: "1"',
        '  creationTimestamp: 2024-01-01T00:00:00Z',
        '  managedFields: [{ a: b }]',
        '  ownerReferences: []',
        '  annotations:',
        '    kubectl.kubernetes.io/last-applied-configuration: "{}"',
      ].join('\n'),
    )
    expect(findings.map(({ code }) => code)).toEqual(['secret-empty'])
    expect(secret?.annotations).toEqual(new Map())
  })

  test.each([
    ['  labels: { waxwing.dev/sealing-key: active }', '', 'label waxwing.dev/sealing-key', 6],
    ['  annotations: { waxwing.dev/x: "" }', '', 'annotation waxwing.dev/x', 6],
    [
      '  labels: { sealedsecrets.bitnami.com/sealed-secrets-key: active }',
      '',
      'label sealedsecrets.bitnami.com/sealed-secrets-key',
      6,
    ],
    ['', 'type: waxwing.dev/sealing-key', 'type', 7],
  ])('not what is reserved: %s %s', (metadata, line, field, at) => {
    const found = kept(metadata, line).findings.filter(({ code }) => code === 'reserved')
    expect(found).toEqual([
      {
        code: 'reserved',
        severity: 'fail',
        args: { field },
        file: 'db.yaml',
        line: at,
        column: expect.any(Number),
      },
    ])
  })
})
