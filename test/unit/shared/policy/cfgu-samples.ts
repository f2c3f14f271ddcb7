import type { ValueType } from '../../../../shared/policy/cfgu/value-types.ts'

/**
 * Files as the versions of Configu have them, made for this test. Between them they have every field, type and keyword of
 * those in its public repository; docs/policy.md says how to load these themselves.
 */
export const CFGU_FILES = [
  {
    name: 'version 0: keys at the root',
    text: `{
  "HELLO": { "type": "RegEx", "pattern": "^(hi|good day)$", "default": "hi" },
  "WHOM": { "type": "String", "default": "everyone" },
  "LINE": { "type": "String", "template": "{{HELLO}}, {{WHOM}}.", "description": "what is said" }
}`,
    keys: ['HELLO', 'WHOM', 'LINE'],
  },
  {
    name: 'version 0: all fields',
    text: `{
\t"$schema": "https://example.com/.cfgu.json",
\t"KIND": { "type": "String", "options": ["a", "b"], "required": true, "depends": ["ID"] },
\t"ID": { "type": "UUID" },
\t"WHERE": { "type": "AWSRegion", "default": "eu-west-1" },
\t"DOC": { "type": "JSONSchema", "schema": { "$id": "x", "title": "t", "type": "object", "required": ["a"],
\t\t"properties": { "a": { "type": "string" }, "n": { "type": "integer", "minimum": 0 } } } }
}`,
    keys: ['KIND', 'ID', 'WHERE', 'DOC'],
  },
  {
    name: 'version 1: YAML, keys of their own field',
    text: `# yaml-language-server: $schema=https://example.com/.cfgu.json
keys:
  HELLO:
    description: how it begins
    label: [words, start]
    enum: [hi, good day]
    default: hi
  WHOM: { test: validator.isAlpha($.value), default: everyone }
  LINE: { const: '\`{{ $.configs.HELLO.value }}, {{ $.configs.WHOM.value }}\`', hidden: true }
`,
    keys: ['HELLO', 'WHOM', 'LINE'],
  },
  {
    name: 'version 1: numbers, and names that other readers take for booleans',
    text: 'keys:\n  X:\n  Y: { schema: { type: number }, test: [$.value > 0], default: 7 }\n  N: { lazy: true }\n',
    keys: ['X', 'Y', 'N'],
  },
  {
    name: 'between the two: types below keys',
    text: '{ "keys": { "container_id": { "type": "String" }, "ready": { "type": "Boolean", "required": false } } }',
    keys: ['container_id', 'ready'],
  },
  {
    name: 'expressions, and keywords of JSON Schema',
    text: `keys:
  PORT: { type: Number, test: "$.value >= 1024 && $.value < 65536" }
  HOME: { type: URL, test: ["validator.isURL($.value)", "$.value.startsWith('https')"] }
  ACCENT: { type: Color }
  NAMES: { schema: { $schema: "http://json-schema.org/draft-07/schema#", type: array, items: { type: string, minLength: 2 } } }
`,
    keys: ['PORT', 'HOME', 'ACCENT', 'NAMES'],
  },
  {
    name: 'a key that is called keys',
    text: '{ "keys": null, "A": { "type": "String" } }',
    keys: ['keys', 'A'],
  },
]

export const CFGU_REFUSED: [string, string][] = [
  ['{}', 'there are no keys'],
  ['keys: {}', 'there are no keys'],
  ['A: text', 'must be a mapping'],
  ['A: { typ: String }', 'did you mean `type`?'],
  ['A: { type: string }', 'did you mean `String`?'],
  ['A: { type: RegEx }', 'needs the field `pattern`'],
  ['A: { type: JSONSchema }', 'needs the field `schema`'],
  ['A: { pattern: "(" }', 'is not a regular expression'],
  ['A: { required: maybe }', 'must be true or false'],
  ['A: { required: true, default: x }', 'which excludes it'],
  ['A: { template: x, default: x }', 'which excludes it'],
  ['A: { const: x, required: true }', 'which excludes it'],
  ['A: { lazy: true, default: x }', 'which excludes it'],
  ['A: { enum: [a], options: [a] }', 'which excludes it'],
  ['A: { enum: [] }', 'must not be empty'],
  ['A: { options: a }', 'must be a list'],
  ['A: { depends: [] }', 'must not be empty'],
  ['{ PASSWORD: {}, A: { depends: [PASWORD] } }', 'did you mean `PASSWORD`?'],
  ['A: { schema: { minimum: low } }', 'must be a number'],
  ['A: { schema: { pattern: "[" } }', 'is not a regular expression'],
  ['{ keys: { A: {} }, other: 1 }', 'unknown field'],
]

/** A type, texts that are of it, and texts that are not. */
export const TYPE_SAMPLES: [ValueType, string[], string[]][] = [
  ['Boolean', ['true', 'False', '1', 'no'], ['', 'on', '2']],
  ['Number', ['1', '-1.5', '+.5', '0012'], ['', '.', '1e3', '0x1', '1,5']],
  ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567e89b12d3a456426614174000', 'x']],
  ['SemVer', ['1.2.3', '1.0.0-rc.1+b5'], ['1.2', 'v1.2.3', '01.2.3']],
  ['IPv4', ['1.2.3.4', '255.255.255.255', '0.0.0.0'], ['256.1.1.1', '1.2.3', '1.2.3.4.', '1.2.3.4.5']],
  [
    'IPv6',
    ['::1', 'fe80::1', '2001:db8::ff00:42:8329', '::ffff:1.2.3.4'],
    ['1.2.3.4', 'g::1', ':', '::1]x['],
  ],
  ['Domain', ['example.com', 'a-b.c.example'], ['localhost', 'a..b', '-a.com', 'a.com:80', 'a b.com']],
  [
    'URL',
    ['https://example.com/a?b#c', 'postgres://a:b@db:5432/x', 'example.com/a'],
    ['', 'a b', 'http://', 'http://a b'],
  ],
  ['ConnectionString', ['postgres://a:b@db/x', 'Server=a;Database=b'], ['plain']],
  ['Hex', ['0aF', '0xff'], ['', 'xyz', '0x']],
  ['Base64', ['YWJj', 'YQ=='], ['YQ=', 'a-_=']],
  ['MD5', ['d41d8cd98f00b204e9800998ecf8427e'], ['d41d8cd98f00b204e9800998ecf8427']],
  ['SHA', ['a'.repeat(40), 'A'.repeat(64), '0'.repeat(128)], ['a'.repeat(41), 'g'.repeat(40)]],
  ['Color', ['#fff', '#282c34', '282c34', 'rgb(1,2,3)', 'hsl(120, 50%, 50%)'], ['#ggg', '#12345', 'red!']],
  ['Email', ['a.b+c@example.com'], ['a@b', 'a b@example.com', '@example.com', 'a@@example.com']],
  ['MobilePhone', ['+44 7911 123456', '0791-1123456'], ['12', 'phone']],
  ['Locale', ['en', 'en_US', 'zh-Hans-CN'], ['e', 'en US']],
  ['LatLong', ['51.5,-0.12', '(51.5, -0.12)'], ['51.5', 'north']],
  ['Country', ['DE', 'DEU'], ['D', 'Germany']],
  ['Currency', ['EUR'], ['€', 'EURO']],
  ['DockerImage', ['nginx', 'ghcr.io/a/b:1.2', 'a/b@sha256:abc'], ['a b', ':tag']],
  ['ARN', ['arn:aws:iam::123:role/x', 'arn:aws:s3:::bucket'], ['arn:aws', 'x']],
  ['MACAddress', ['00:1b:44:11:3a:b7', '001B44113AB7'], ['00:1b:44:11:3a', 'x']],
  ['MIMEType', ['text/html', 'application/json; charset=utf-8'], ['text', 'a b/c']],
  ['MongoId', ['507f1f77bcf86cd799439011'], ['507f1f77']],
  ['AWSRegion', ['eu-west-1', 'eu-central-99'], ['', 'EU West', '-a']],
  ['AZRegion', ['westeurope'], ['West Europe']],
  ['GCPRegion', ['europe-west4'], ['europe west']],
  ['OracleRegion', ['eu-frankfurt-1'], ['eu--x-']],
  ['IBMRegion', ['eu-de'], ['eu de']],
  ['AlibabaRegion', ['cn-hangzhou'], ['cn hangzhou']],
  ['Language', ['de', 'deu'], ['german']],
  ['DateTime', ['2026-01-31', '2026-01-31T10:00:00Z', '10:30'], ['someday', '2026-13-45', '25:00']],
  ['Duration', ['PT15M', 'P1DT2H', '1h 30m', '500'], ['', 'P', 'PT', 'long']],
  ['DataSize', ['10', '10MB', '1.5 GiB'], ['', 'big', 'MB']],
]
