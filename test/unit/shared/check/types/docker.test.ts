import { describe, expect, test } from 'vitest'
import { hasDuplicateKey } from '../../../../../shared/check/types/json-keys.ts'
import { findingsOf, secretOf } from '../samples.ts'

const HUB = 'https://index.docker.io/v1/'
const basic = (pair: string) => Buffer.from(pair).toString('base64')

/** Findings without the key, which is the same in all: `fail docker-auth entry=1`. */
function inJson(value: unknown): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const secret = secretOf('kubernetes.io/dockerconfigjson', { '.dockerconfigjson': text })
  return findingsOf({ secret }).map((line) => line.replace(' .dockerconfigjson', ''))
}
const inEntry = (entry: unknown, registry = 'registry.example') => inJson({ auths: { [registry]: entry } })

describe('nothing is wrong with', () => {
  test.each([
    ['auth alone', { auth: basic('ada:pa:ss') }],
    ['name and password alone', { username: 'ada', password: 'pass' }],
    [
      'all of them',
      { username: 'ada', password: 'pass', email: 'ada@mail.example', auth: basic('ada:pass') },
    ],
    ['auth without padding', { auth: basic('ada:pass').replace(/=+$/, '') }],
    ['an empty auth beside name and password', { username: 'ada', password: 'pass', auth: '' }],
    ['fields of other programs', { auth: basic('ada:pass'), comment: 1 }],
    ['letters of any alphabet', { auth: basic('ада:пароль') }],
  ])('%s', (_what, entry) => {
    expect(inEntry(entry)).toEqual([])
  })

  test.each([
    HUB,
    'https://index.docker.io/v2/',
    'index.docker.io',
    'docker.io',
    'registry.example',
    'registry.example:5000',
    'https://registry.example',
    'http://10.0.0.1:5000',
    'registry.example/team/images',
    '*.registry.example',
    '[::1]:5000',
    'localhost:5000',
  ])('the registry %s', (registry) => {
    expect(inEntry({ auth: basic('ada:pass') }, registry)).toEqual([])
  })

  test('white space around the JSON', () => {
    expect(inJson(`{"auths": {"${HUB}": {"auth": "${basic('ada:pass')}"}}}\r\n`)).toEqual([])
  })
})

describe('of the file', () => {
  test.each<[string, unknown, string[]]>([
    ['a missing value', '', ['fail docker-missing']],
    ['no JSON', '{"auths": {},}', ['fail docker-json']],
    ['YAML', 'auths:\n  registry.example: {}\n', ['fail docker-json']],
    ['base64 twice', basic('{"auths": {}}'), ['fail docker-json', 'warn value-base64']],
    ['a byte order mark', '\uFEFF{"auths": {}}', ['fail docker-json', 'warn value-bom']],
    ['a list', [], ['fail docker-shape']],
    ['a number', 1, ['fail docker-shape']],
    ['the older form', { [HUB]: { auth: basic('ada:pass') } }, ['fail docker-shape']],
    ['auths as a list', { auths: [] }, ['fail docker-shape']],
    ['no registries', { auths: {} }, ['warn docker-auths-empty']],
    [
      'a store',
      { auths: { [HUB]: {} }, credsStore: 'desktop' },
      ['fail docker-helper', 'fail docker-no-credentials entry=1'],
    ],
    [
      'helpers',
      { auths: {}, credHelpers: { [HUB]: 'x' } },
      ['warn docker-auths-empty', 'fail docker-helper'],
    ],
    [
      'a registry twice',
      '{"auths": {"a.example": {"auth": "YTpi"}, "a.example": {"auth": "YTpj"}}}',
      ['fail docker-duplicate-key'],
    ],
    ['auths twice', `{"auths": {}, "\\u0061uths": {"a": {"auth": "YTpi"}}}`, ['fail docker-duplicate-key']],
  ])('%s', (_what, value, found) => {
    expect(inJson(value)).toEqual(found)
  })

  test('a Secret without the key', () => {
    const secret = secretOf('kubernetes.io/dockerconfigjson', { 'config.json': '{}' })
    expect(findingsOf({ secret })).toEqual(['fail docker-missing .dockerconfigjson'])
  })
})

describe('of a registry', () => {
  test.each<[string, unknown, string[]]>([
    ['no mapping', 'ada:pass', ['fail docker-shape entry=1']],
    ['a password that is a number', { username: 'ada', password: 1 }, ['fail docker-shape entry=1']],
    ['nothing', {}, ['fail docker-no-credentials entry=1']],
    ['a name alone', { username: 'ada' }, ['fail docker-no-credentials entry=1']],
    ['auth that is no base64', { auth: 'ada:pass' }, ['fail docker-auth entry=1']],
    ['auth with a line break', { auth: `${basic('ada:pass')}\n` }, ['fail docker-auth entry=1']],
    ['auth without a colon', { auth: basic('adapass') }, ['fail docker-auth entry=1']],
    ['auth without a user', { auth: basic(':pass') }, ['fail docker-auth entry=1']],
    ['auth without a password', { auth: basic('ada:') }, ['fail docker-auth entry=1']],
    ['auth twice in base64', { auth: basic(basic('ada:pass')) }, ['fail docker-auth entry=1']],
    ['another name', { username: 'eve', auth: basic('ada:pass') }, ['fail docker-auth-mismatch entry=1']],
    [
      'another password',
      { username: 'ada', password: 'old', auth: basic('ada:new') },
      ['fail docker-auth-mismatch entry=1'],
    ],
    ['a token alone', { identitytoken: 't' }, ['warn docker-identity-token entry=1']],
    [
      'a token and half an auth',
      { auth: basic('ada:'), identitytoken: 't' },
      ['warn docker-identity-token entry=1'],
    ],
  ])('%s', (_what, entry, found) => {
    expect(inEntry(entry)).toEqual(found)
  })

  test.each([
    'https://index.docker.io/v1',
    'https://index.docker.io/v1/ada',
    'index.docker.io/ada',
    'https://hub.docker.com',
    'https://registry-1.docker.io/v2/',
    'registry.hub.docker.com',
    'registry example',
    'HTTPS://registry.example',
    'oci://registry.example',
    'ada@registry.example',
    '',
  ])('its name: %s', (registry) => {
    expect(inEntry({ auth: basic('ada:pass') }, registry)).toEqual(['warn docker-registry entry=1'])
  })

  test('each is told by its number', () => {
    const good = { auth: basic('ada:pass') }
    expect(inJson({ auths: { 'a.example': good, 'b.example': {}, 'c.example': { auth: 'x' } } })).toEqual([
      'fail docker-auth entry=3',
      'fail docker-no-credentials entry=2',
    ])
  })
})

describe('the older form', () => {
  const inConfig = (value: unknown) =>
    findingsOf({ secret: secretOf('kubernetes.io/dockercfg', { '.dockercfg': JSON.stringify(value) }) })

  test.each<[string, unknown, string[]]>([
    ['is good', { [HUB]: { auth: basic('ada:pass'), email: 'ada@mail.example' } }, []],
    ['is the newer one', { auths: { [HUB]: {} } }, ['fail docker-shape .dockercfg']],
    ['has no registries', {}, ['warn docker-auths-empty .dockercfg']],
    ['has no credentials', { [HUB]: {} }, ['fail docker-no-credentials .dockercfg entry=1']],
  ])('%s', (_what, value, found) => {
    expect(inConfig(value)).toEqual(found)
  })

  test('is missing', () => {
    const secret = secretOf('kubernetes.io/dockercfg', {})
    expect(findingsOf({ secret })).toEqual(['fail docker-missing .dockercfg'])
  })
})

test.each([
  ['{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', false],
  ['{"a": "a", "b": "a"}', false],
  ['{"a": ["b", "b"], "b": "{\\"a\\": 1, \\"a\\": 2}"}', false],
  ['[{"a": {"b": 1, "b": 2}}]', true],
  ['{"\\u0061": 1, "a": 2}', true],
])('%s has a key twice: %s', (text, twice) => {
  expect(hasDuplicateKey(text)).toBe(twice)
})
