import { describe, expect, test } from 'vitest'
import { findingsOf, plan, secretText } from './secrets.ts'

const configMap = 'apiVersion: v1\nkind: ConfigMap\n'
const loose = 'apiVersion: v1\nkind: Secret\nmetadata: { name: db }\ndata: { a: "" }\n'

describe('which documents are Secrets', () => {
  test.each([
    ['apiVersion: v1\nkind: Secret', 1],
    ['kind: Secret\napiVersion: "v1"', 1],
    ['{"kind": "Secret", "apiVersion": "v1"}', 1],
    ['kind: Secret', 1],
    ['apiVersion: v2\nkind: secret', 1],
    ['apiVersion: example.com/v1\nkind: Secret', 0],
    ['apiVersion: v1\nkind: ConfigMap', 0],
    ['- kind: Secret\n  apiVersion: v1', 0],
    ['kind: List\nitems: [{ kind: Secret, apiVersion: v1 }]', 1],
    ['kind: SecretList\napiVersion: v1\nitems: [{}, { kind: Secret, apiVersion: v1 }]', 2],
    ['kind: List\nitems: [{ kind: List, items: [{ kind: Secret, apiVersion: v1 }] }]', 1],
    ['kind: ConfigMapList\napiVersion: v1\nitems: [{}]', 0],
    ['kind: List\nitems: {}', 0],
    ['text', 0],
    ['', 0],
  ])('%j: %i', (text, count) => {
    expect(plan(text).secrets).toHaveLength(count)
  })

  test('a stream without one is refused, also an empty one', () => {
    const refused = [{ code: 'secret-kind', severity: 'fail', file: 'db.yaml', args: { problem: 'other' } }]
    for (const text of ['', '\n', '# nothing\n', '---\n', configMap])
      expect(plan(text).findings).toEqual(refused)
    const sealed = 'apiVersion: waxwing.dev/v1alpha1\nkind: SealedSecret\n'
    expect(plan(sealed).findings.map(({ args }) => args)).toEqual([{ problem: 'sealed' }])
  })
})

describe('namespaces', () => {
  const named = (text: string, target: Parameters<typeof plan>[1]) => {
    const { secrets, findings } = plan(text, target)
    return [secrets[0]?.secret.namespace, secrets[0]?.namespaceFrom, findings.map(({ args }) => args.problem)]
  }

  test.each([
    [secretText('data: { a: "" }'), {}, ['shop', 'document', []]],
    [secretText('data: { a: "" }'), { namespace: 'shop' }, ['shop', 'document', []]],
    [secretText('data: { a: "" }'), { namespace: 'other' }, ['shop', 'document', ['conflict']]],
    [secretText('data: { a: "" }'), { defaultNamespace: 'other' }, ['shop', 'document', []]],
    [loose, {}, ['', 'none', ['no-namespace']]],
    [loose, { scope: 'namespace' as const }, ['', 'none', ['no-namespace']]],
    [loose, { scope: 'cluster' as const }, ['', 'none', []]],
    [loose, { scope: 'cluster' as const, defaultNamespace: 'shop' }, ['', 'none', []]],
    [loose, { scope: 'cluster' as const, namespace: 'shop' }, ['shop', 'flag', []]],
    [loose, { namespace: 'shop', defaultNamespace: 'other' }, ['shop', 'flag', []]],
    [loose, { defaultNamespace: 'other' }, ['other', 'default', []]],
    [loose.replace('db }', 'db, namespace: Shop }'), {}, ['Shop', 'document', ['namespace']]],
    [loose.replace('db }', 'db, namespace: no }'), {}, ['no', 'document', []]],
  ])('%j %j', (text, target, expected) => {
    expect(named(text, target)).toEqual(expected)
  })
})

test.each([
  ['{}', 'no-name'],
  ['{ generateName: db- }', 'generated'],
  ['{ name: "" }', 'no-name'],
  ['{ name: Db }', 'name'],
  ['{ name: a_b }', 'name'],
  ['{ name: 123 }', undefined],
  ['{ name: a.b-c }', undefined],
])('names: %s', (metadata, problem) => {
  const text = `apiVersion: v1\nkind: Secret\nmetadata: ${metadata}\ndata: { a: "" }\n`
  const problems = plan(text, { namespace: 'shop' }).findings.map(({ args }) => args.problem)
  expect(problems).toEqual(problem === undefined ? [] : [problem])
})

test('lines count through the stream, with comments, markers and CRLF', () => {
  const stream = `# a\n---\n${configMap}---\r\n\r\n${secretText('data: { a: "!" }').replaceAll('\n', '\r\n')}...\n${secretText('stringData: { a: }')}`
  expect(findingsOf(stream)).toEqual([
    'secret-base64 10:9 field=data.a key=a',
    'secret-null 15:15 field=stringData.a',
  ])
})

test('one document that does not parse spoils the stream, and the others are still read', () => {
  const stream = `${secretText('data: { a: "!" }')}---\na: "b\n---\n${configMap}`
  expect(findingsOf(stream)).toEqual([
    'secret-base64 4:9 field=data.a key=a',
    'yaml-syntax 7:1 reason=not YAML: deficient indentation',
  ])
})

test('an item of a list is found in its line', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: { name: a, namespace: b }\n    data:\n      k: "!"\n'
  expect(findingsOf(text)).toEqual(['secret-base64 8:7 field=data.k key=k'])
})

describe('limits', () => {
  test('the values together', () => {
    const half = 'a'.repeat(524_288)
    expect(findingsOf(secretText(`stringData: { a: ${half}, b: ${half} }`))).toEqual([])
    expect(findingsOf(secretText(`stringData: { a: ${half}, b: ${half}, c: x }`))).toEqual([
      'too-large 4:13 problem=values limit=1048576',
    ])
  })

  test('a Helm template is known by its actions, and quoted braces are none', () => {
    const codes = (text: string) => plan(text).findings.map(({ code }) => code)
    expect(codes('name: {{ .x }}\n')).toEqual(['helm-template'])
    expect(codes('{{ if .x }}\nb: c\n{{ end }}\n')).toEqual(['helm-template'])
    expect(codes('a: "{{ x }}"\nb: "\n')).toEqual(['yaml-syntax'])
  })
})
