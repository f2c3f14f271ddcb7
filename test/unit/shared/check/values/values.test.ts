import { describe, expect, test } from 'vitest'
import { findingsOf, secretOf } from '../samples.ts'

const found = (key: string, value: string | Uint8Array, type?: string): string[] =>
  findingsOf({ secret: secretOf(type, { [key]: value }) }).map((line) => line.replace(` ${key}`, ''))
const base64 = (text: string) => Buffer.from(text).toString('base64')
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

describe('well-known mistakes', () => {
  test.each<[string, string, string | Uint8Array, string[]]>([
    ['nothing', 'password', '', ['warn value-empty']],
    ['a line break alone', 'password', '\n', ['warn value-empty']],
    ['a line break at the end', 'password', 'correct horse\n', ['warn value-newline']],
    ['one as on Windows', 'password', 'correct horse\r\n', ['warn value-newline']],
    ['one in a .txt', 'password.txt', 'correct horse\n', ['warn value-newline']],
    ['one in what is no file', 'db.password', 'correct horse\n', ['warn value-newline']],
    ['a blank before', 'password', ' correct horse', ['warn value-space']],
    ['a tab after', 'password', 'correct horse\t', ['warn value-space']],
    ['a blank and a line break', 'password', 'correct horse \n', ['warn value-space']],
    ['base64 twice', 'password', base64('correct horse'), ['warn value-base64']],
    [
      'base64 twice, with a line break each',
      'password',
      `${base64('correct\n')}\n`,
      ['warn value-base64', 'warn value-newline'],
    ],
    [
      'base64 of a file, in lines',
      'app.conf',
      base64('user = ada\n'.repeat(9)).replace(/.{76}/g, '$&\n'),
      ['warn value-base64'],
    ],
    ['base64 of PEM', 'tls.crt', base64(PEM), ['warn value-base64']],
    ['base64 of other letters', 'name', base64('Zoë Müller'), ['warn value-base64']],
    ['CRLF', 'app.conf', 'a = 1\r\nb = 2\r\n', ['warn value-crlf']],
    ['a byte order mark', 'password', '\uFEFFcorrect horse', ['warn value-bom']],
    ['UTF-16 of PowerShell', 'password', Buffer.from('\uFEFFcorrect horse', 'utf16le'), ['warn value-bom']],
    ['the other UTF-16', 'password', Buffer.from('\uFEFFpass', 'utf16le').swap16(), ['warn value-bom']],
  ])('%s', (_what, key, value, expected) => {
    expect(found(key, value)).toEqual(expected)
  })
})

describe('placeholders', () => {
  test.each([
    'changeme',
    'CHANGE_ME',
    'change-me-now',
    'Change this',
    'changeit',
    'TODO',
    'FIXME',
    'tbd',
    'xxx',
    'XXXXXXXX',
    '********',
    '...',
    'example',
    'placeholder',
    'your-password',
    'your_api_token_here',
    'insert-your-key-here',
    'my-secret',
    'REDACTED',
    'null',
    'undefined',
    '[object Object]',
    '<password>',
    '<YOUR PASSWORD HERE>',
    `\${DB_PASSWORD}`,
    '$DB_PASSWORD',
    '$(cat password)',
    '{{ .Values.password }}',
    '%DB_PASSWORD%',
  ])('%s', (value) => {
    expect(found('url', value)).toEqual(['warn value-placeholder'])
  })

  test.each(['password', 'Passw0rd', 'secret', 'test', 'foo', 'admin', '123456'])(
    '%s as a password',
    (value) => {
      expect(found('db-password', value)).toEqual(['warn value-placeholder'])
      expect(found('username', value)).toEqual([])
    },
  )
})

describe('nothing is wrong with', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['a password', 'password', 'S!B\\*d$zDsb='],
    ['a phrase', 'password', 'change the horse'],
    ['a user name', 'username', 'admin'],
    ['a URL with a password', 'url', 'postgres://ada:pa$$@db.shop.svc:5432/shop?sslmode=verify-full'],
    ['a file', 'app.conf', `a = 1\nb = \${HOME}\n`],
    ['a file of one line', 'init.sql', "select 'x';\n"],
    ['a file with an indented first line', 'app.conf', '  a = 1\nb = 2\n\n'],
    ['a .env', '.env', 'PASSWORD=correct\n'],
    ['what htpasswd writes', 'auth', 'ada:$apr1$8fYp2x1V$Zk1W2q3e4r5t6y7u8i9o0/\n'],
    ['a public SSH key', 'key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRt ada@laptop\n'],
    ['known_hosts', 'known_hosts', 'shop.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRt\n'],
    ['PEM', 'certificate', PEM],
    ['PEM with CRLF', 'certificate', PEM.replaceAll('\n', '\r\n')],
    ['JSON', 'settings', '{"a": 1}\n'],
    ['a template', 'greeting', '{{ .Name }} is welcome'],
    ['a random key in base64', 'key', 'vY6oI1wz0Rb8n0eI6cY3xT5n8qk2sZ9h7mLw4pQdE1o='],
    ['a random key in hex', 'key', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['a long password of letters', 'password', 'correcthorsebatterystaple'],
    ['a short word that is base64 as well', 'name', 'dGVzdA=='.slice(0, 4)],
    ['a UUID', 'id', '7d444840-9dc0-11d1-b245-5ffdce74fad2'],
    ['a number', 'port', '5432'],
    ['base64 that says so', 'CONFIG_BASE64', base64('user = ada')],
    ['what is binary', 'keystore.jks', Buffer.from('feedfeed0000000200000001', 'hex')],
    ['what is binary and begins like UTF-16', 'sound.mp3', Buffer.from('fffe010203040506', 'hex')],
    ['a batch file', 'run.bat', 'echo a\r\necho b\r\n'],
    ['a long text in angle brackets', 'page', `<${'p'.repeat(200)}>`],
  ])('%s', (_what, key, value) => {
    expect(found(key, value)).toEqual([])
  })
})
