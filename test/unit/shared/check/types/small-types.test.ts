import { expect, test } from 'vitest'
import { findingsOf, secretOf } from '../samples.ts'

test.each<[string, Record<string, string>, string[]]>([
  ['both', { username: 'ada', password: 'correct horse' }, []],
  ['a name', { username: 'ada' }, []],
  ['a password', { password: 'with:colon' }, []],
  ['an empty password', { username: 'ada', password: '' }, ['warn value-empty password']],
  ['neither', { user: 'ada', pass: 'correct horse' }, ['fail basic-auth-missing']],
  ['nothing', {}, ['fail basic-auth-missing']],
  ['a colon', { username: 'ada:admin', password: 'x' }, ['warn basic-auth-colon username']],
])('basic-auth with %s', (_what, values, found) => {
  expect(findingsOf({ secret: secretOf('kubernetes.io/basic-auth', values) })).toEqual(found)
})

const NAME = 'kubernetes.io/service-account.name'
test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
  ['a name', { [NAME]: 'robot' }, {}, []],
  ['a name and values of one’s own', { [NAME]: 'robot.one' }, { extra: 'value' }, []],
  ['no annotation', {}, {}, ['fail service-account-name']],
  ['an empty one', { [NAME]: '' }, {}, ['fail service-account-name']],
  ['a name with its namespace', { [NAME]: 'shop/robot' }, {}, ['fail service-account-name']],
  [
    'the keys of the cluster',
    { [NAME]: 'robot' },
    { token: '', namespace: 'changeme\n', 'ca.crt': 'YWJjZGVmZ2hpamts' },
    [
      'warn service-account-key ca.crt',
      'warn service-account-key namespace',
      'warn service-account-key token',
    ],
  ],
])('service-account-token with %s', (_what, annotations, values, found) => {
  const rest = { annotations: new Map(Object.entries(annotations)) }
  expect(findingsOf({ secret: secretOf('kubernetes.io/service-account-token', values, rest) })).toEqual(found)
})

test.each([
  undefined,
  'Opaque',
  'helm.sh/release.v1',
  'istio.io/key-and-cert',
  'kubernetes.io/rbd',
  'example/tsl',
  'shop',
])('the type %s may hold anything', (type) => {
  expect(findingsOf({ secret: secretOf(type, { password: 'correct horse' }) })).toEqual([])
})

test.each([
  ['opaque', 'Opaque'],
  ['generic', 'Opaque'],
  ['tls', 'kubernetes.io/tls'],
  ['kubernetes.io/TLS', 'kubernetes.io/tls'],
  ['kubernetes.io/tsl', undefined],
  ['kubernets.io/tls', 'kubernetes.io/tls'],
  ['k8s.io/tls', 'kubernetes.io/tls'],
  ['kubernetes.io/opaque', 'Opaque'],
  ['kubernetes.io/basicauth', 'kubernetes.io/basic-auth'],
  ['kubernetes.io/dockerconfig.json', 'kubernetes.io/dockerconfigjson'],
  ['docker-registry', 'kubernetes.io/dockerconfigjson'],
  ['bootstrap.kubernetes.io/tokens', 'bootstrap.kubernetes.io/token'],
])('the type %s was meant as %s', (type, meant) => {
  const found = meant === undefined ? [] : [`warn type-unknown type=${type} meant=${meant}`]
  expect(findingsOf({ secret: secretOf(type, { password: 'correct horse' }) })).toEqual(found)
})
