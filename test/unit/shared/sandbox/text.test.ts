import { describe, expect, test } from 'vitest'
import { duplicateFields } from '../../../../shared/sandbox/duplicates.ts'
import { generateName } from '../../../../shared/sandbox/generate-name.ts'
import { nameFaults } from '../../../../shared/sandbox/names.ts'
import { decodeProtobuf } from '../../../../shared/sandbox/protobuf/decode.ts'
import { parseRequest } from '../../../../shared/sandbox/request.ts'
import { age } from '../../../../shared/sandbox/resources/age.ts'

test.each([
  ['{"a":1,"b":{"c":1}}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"a":{"b":1,"c":[{"d":1,"d":2}],"b":3}}', ['a.c[0].d', 'a.b']],
  [' { "a" : "x\\"}{,:" , "a" : [ ] } ', ['a']],
  ['[1,"x",null,{"a":1}]', []],
  ['"x"', []],
])('fields that are there twice: %s', (text, found) => {
  expect(duplicateFields(text)).toEqual(found)
})

test.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [125, '2m5s'],
  [600, '10m'],
  [3 * 3600, '3h'],
  [3 * 3600 + 60, '3h1m'],
  [10 * 3600, '10h'],
  [3 * 86400 + 3600, '3d1h'],
  [10 * 86400, '10d'],
  [800 * 86400, '2y70d'],
  [-60, '<invalid>'],
])('an age of %i seconds is %s', (seconds, words) => {
  const now = new Date('2026-01-01T00:00:00Z')
  expect(age(new Date(now.getTime() - seconds * 1000).toISOString(), now)).toBe(words)
})

test('a generated name keeps to the limit of names', () => {
  expect(generateName('abc-', () => 0)).toBe('abc-bbbbb')
  expect(generateName('x'.repeat(80))).toHaveLength(63)
})

test.each([
  ['good.name-1', 'subdomain', 0],
  ['Bad', 'subdomain', 1],
  ['a'.repeat(254), 'subdomain', 1],
  ['with.dot', 'label', 1],
  ['1digit', 'label1035', 1],
  ['system:any', 'path', 0],
  ['a/b', 'path', 1],
  ['..', 'path', 1],
] as const)('the name %s as %s has %i faults', (name, rule, count) => {
  expect(nameFaults(name, rule)).toHaveLength(count)
})

describe('what a request is about', () => {
  const none = { subresource: '', rest: '', namespace: '', name: '' }
  test.each([
    ['GET', '/api/v1/secrets', { verb: 'list', group: '', version: 'v1', resource: 'secrets', ...none }],
    [
      'GET',
      '/api/v1/namespaces/a',
      { verb: 'get', group: '', version: 'v1', resource: 'namespaces', ...none, namespace: 'a', name: 'a' },
    ],
    [
      'PUT',
      '/api/v1/namespaces/a/status',
      {
        verb: 'update',
        group: '',
        version: 'v1',
        resource: 'namespaces',
        ...none,
        namespace: 'a',
        name: 'a',
        subresource: 'status',
      },
    ],
    [
      'POST',
      '/apis/g.x/v2/namespaces/a/things',
      { verb: 'create', group: 'g.x', version: 'v2', resource: 'things', ...none, namespace: 'a' },
    ],
    [
      'PATCH',
      '/apis/g.x/v2/namespaces/a/things/b/status',
      {
        verb: 'patch',
        group: 'g.x',
        version: 'v2',
        resource: 'things',
        ...none,
        namespace: 'a',
        name: 'b',
        subresource: 'status',
      },
    ],
    [
      'DELETE',
      '/api/v1/namespaces/a/secrets',
      { verb: 'deletecollection', group: '', version: 'v1', resource: 'secrets', ...none, namespace: 'a' },
    ],
    [
      'GET',
      '/api/v1/namespaces/a/services/http:s:80/proxy/v1/keys',
      {
        verb: 'get',
        group: '',
        version: 'v1',
        resource: 'services',
        namespace: 'a',
        name: 'http:s:80',
        subresource: 'proxy',
        rest: 'v1/keys',
      },
    ],
  ])('%s %s', (method, path, info) => {
    expect(parseRequest(method, path, new URLSearchParams())).toEqual(info)
  })

  test('a watch is a list that asks for it; other paths are about no resource', () => {
    const query = new URLSearchParams({ watch: 'true' })
    expect(parseRequest('GET', '/api/v1/secrets', query)?.verb).toBe('watch')
    expect(parseRequest('GET', '/apis/g.x/v1', query)).toBeUndefined()
    expect(parseRequest('GET', '/version', query)).toBeUndefined()
  })
})

describe('protobuf', () => {
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
  const text = (number: number, value: string) => field(number, Buffer.from(value))
  const envelope = (kind: string, ...raw: Buffer[]) =>
    Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([text(1, 'v1'), text(2, kind)])),
      field(2, Buffer.concat(raw)),
    ])
  const metadata = field(
    1,
    Buffer.concat([
      text(1, 'a'),
      text(2, ''),
      field(8, Buffer.alloc(0)),
      field(11, Buffer.concat([text(1, 'k'), text(2, 'v')])),
    ]),
  )

  test('a Secret is as JSON has it', () => {
    const data = field(2, Buffer.concat([text(1, 'x'), field(2, Buffer.from([0xff]))]))
    expect(
      decodeProtobuf(envelope('Secret', metadata, data, text(3, 'Opaque'), Buffer.from([(5 << 3) | 0, 1]))),
    ).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', labels: { k: 'v' } },
      data: { x: '/w==' },
      type: 'Opaque',
      immutable: true,
    })
  })

  test('an unknown kind and other bytes are nothing, a cut-off message is an error', () => {
    expect(decodeProtobuf(envelope('Pod', metadata))).toBeUndefined()
    expect(decodeProtobuf(Buffer.from('{}'))).toBeUndefined()
    expect(() => decodeProtobuf(envelope('Secret', metadata).subarray(0, -3))).toThrow(RangeError)
  })
})
