import { describe, expect, test } from 'vitest'
import type { CheckTerms } from '../../../../shared/ops/check-notes.ts'
import { verifyStream } from '../../../../shared/ops/verify-stream.ts'
import { readText } from '../../../support/objects.ts'
import { NOW, plan, secretText } from './secrets.ts'
import { keysOf, prod, sealText } from './streams.ts'

const strict = { policyAllow: [] }

/** What a stream is told, as `severity code line:column key`. */
const planned = (text: string, terms: Partial<CheckTerms> = {}) =>
  plan(text, { ...strict, ...terms }).findings.map(shown)

const verified = async (text: string, terms: Partial<CheckTerms> = {}) =>
  (await verifyStream('f.yaml', text, keysOf(prod), { now: NOW, ...terms })).findings.map(shown)

type Shown = ReturnType<typeof plan>['findings'][number]
const shown = ({ severity, code, line, column, args: { key = '' } }: Shown) =>
  `${severity} ${code} ${line}:${column} ${key}`.trim()

const annotated = (codes: string, ...lines: string[]) =>
  secretText(...lines).replace('shop }', `shop, annotations: { waxwing.dev/allow: "${codes}", a: b } }`)

describe('each finding at the place of its value', () => {
  test('under data, under stringData, and where one wins over the other', () => {
    const text = secretText('data:', '  a: ""', '  b: ""', 'stringData:', '  b: " x"', '  c: TODO')
    expect(planned(text)).toEqual([
      'warn value-empty 5:3 a',
      'warn value-space 8:3 b',
      'warn value-placeholder 9:3 c',
    ])
  })

  test('what is about the Secret itself', () => {
    expect(planned(secretText('type: kubernetes.io/basic-aut', 'stringData: { a: b }'))).toEqual([
      'warn type-unknown 4:1',
    ])
    const token = secretText('type: bootstrap.kubernetes.io/token', 'stringData: { token-id: abcdef }')
    expect(planned(token)).toEqual([
      'fail bootstrap-missing 1:1 token-secret',
      'fail bootstrap-name 3:13',
      'fail bootstrap-namespace 3:23',
      'warn bootstrap-unused 4:1',
    ])
  })

  test('in a list, and behind an alias', () => {
    const items = secretText('stringData:', '  a: &x ""', '  b: *x').trim().replaceAll('\n', '\n    ')
    expect(planned(`apiVersion: v1\nkind: List\nitems:\n  - ${items}\n`)).toEqual([
      'warn value-empty 8:7 a',
      'warn value-empty 9:7 b',
    ])
  })
})

test('of a Secret that could not be read whole nothing else is said', () => {
  expect(planned(secretText('type: kubernetes.io/tls', 'data: { tls.crt: "!" }'))).toEqual([
    'fail secret-base64 5:9 tls.crt',
  ])
})

test('the namespace is the decided one', () => {
  const text = [
    'apiVersion: v1\nkind: Secret\nmetadata: { name: bootstrap-token-abcdef }\ntype: bootstrap.kubernetes.io/token',
    'stringData: { token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-signing: "true" }\n',
  ].join('\n')
  expect(planned(text, { namespace: 'kube-system' } as Partial<CheckTerms>)).toEqual([])
  expect(planned(text, { namespace: 'shop' } as Partial<CheckTerms>)).toEqual([
    'fail bootstrap-namespace 3:11',
  ])
})

test('a service account token without values is whole', () => {
  const text = secretText('type: kubernetes.io/service-account-token').replace(
    'shop }',
    'shop, annotations: { kubernetes.io/service-account.name: robot } }',
  )
  expect(planned(text)).toEqual([])
})

describe('what is allowed', () => {
  const empty = 'stringData: { a: "", b: TODO }'
  const allowedIn = async (text: string, terms: Partial<CheckTerms> = {}) =>
    readText(await sealText(text, undefined, { ...strict, ...terms })).annotations.get('waxwing.dev/allow')

  test('by the annotation: it goes along, and not into the template', async () => {
    const text = annotated('value-empty, value-crlf', empty)
    expect(planned(text)).toEqual(['warn value-placeholder 4:22 b'])
    expect(await allowedIn(text)).toBe('value-empty,value-crlf')
    const sealed = readText(await sealText(text))
    expect([...sealed.template.annotations]).toEqual([['a', 'b']])
  })

  test('by the call: written down where it counted', async () => {
    const allow = ['value-placeholder', 'value-crlf'] as const
    expect(planned(secretText(empty), { allow })).toEqual(['warn value-empty 4:15 a'])
    expect(await allowedIn(secretText(empty), { allow })).toBe('value-placeholder')
    expect(await allowedIn(secretText('stringData: { a: b }'), { allow })).toBe(undefined)
    expect(await allowedIn(annotated('value-empty', empty), { allow })).toBe('value-empty,value-placeholder')
  })

  test('by the policy: it is there later too, so nothing is written down', async () => {
    const policyAllow = ['value-empty', 'value-placeholder'] as const
    expect(planned(secretText(empty), { policyAllow })).toEqual([])
    expect(await allowedIn(secretText(empty), { policyAllow })).toBe(undefined)
  })

  test('a word that is no code is refused, shown only if it looks like one', () => {
    const args = (codes: string) => plan(annotated(codes, empty)).findings.map((finding) => finding.args)
    expect(args('value-emtpy,,')).toEqual([{ word: 'value-emtpy', meant: 'value-empty' }])
    expect(args('Everything, value-empty')).toEqual([{}])
  })

  test('other annotations of ours stay refused', () => {
    const text = secretText(empty).replace('shop }', 'shop, annotations: { waxwing.dev/other: x } }')
    expect(planned(text)).toEqual(['fail reserved 3:55'])
  })
})

describe('with a private key', () => {
  const text = secretText('stringData: { a: "", b: TODO }')

  test('the values are checked at their places', async () => {
    expect(await verified(await sealText(text))).toEqual([
      'warn value-empty 20:6 a',
      'warn value-placeholder 21:6 b',
    ])
  })

  test('as the Secret will have them: rendered', async () => {
    const sealed = await sealText(secretText('stringData: { a: x }'))
    const template = '  template:\n    data:\n      url: "{{ .a }}\\n"\n'
    expect(await verified(`${sealed}${template}`)).toEqual(['warn value-newline 23:7 url'])
  })

  test('and not what was allowed when they were sealed, or is by the call', async () => {
    const sealed = await sealText(text, undefined, { ...strict, allow: ['value-empty'] })
    expect(await verified(sealed)).toEqual(['warn value-placeholder 22:6 b'])
    expect(await verified(sealed, { allow: ['value-placeholder'] })).toEqual([])
  })

  test('a word that is no code fails, with or without a key', async () => {
    const sealed = (await sealText(annotated('value-empty', 'stringData: { a: "" }'))).replace(
      'allow: value-empty',
      'allow: value-emtpy',
    )
    const { findings } = await verifyStream('f.yaml', sealed)
    expect(findings.map(shown)).toEqual(['fail allow-unknown 7:5'])
  })
})
