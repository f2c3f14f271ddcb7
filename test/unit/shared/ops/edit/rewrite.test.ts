import { describe, expect, test } from 'vitest'
import type { SealedSecret } from '../../../../../shared/format/sealed-secret.ts'
import { sealedSecretObject, yamlText } from '../../../../../shared/format/write.ts'
import { unsetValues } from '../../../../../shared/ops/edit/values.ts'
import '../../../../support/throw-with-code.ts'
import { edited, hunks, sealedOf, short } from './files.ts'

const object = await sealedOf({ user: 'u', password: 'p' })
const other = await sealedOf({ token: 't', user: 'x' }, 5)
const [old, fresh] = [object, other].map(({ envelopes: [first] }) => first?.id ?? '')
const plain = yamlText(sealedSecretObject(object))
const value = (key: string, of = object) =>
  yamlText(sealedSecretObject(of)).match(`"${key}": "(.*)"`)?.[1] ?? ''

/** `user` is replaced, `token` added, with the envelope of both; or `user` removed. */
const set = (sealed: SealedSecret): SealedSecret => ({
  ...sealed,
  envelopes: [...sealed.envelopes, ...other.envelopes],
  data: new Map([...sealed.data, ...other.data]),
})
const unset = (sealed: SealedSecret) => unsetValues(sealed, ['user'])
const clear = (sealed: SealedSecret) => unsetValues(sealed, sealed.data.keys())
const annotate = (sealed: SealedSecret): SealedSecret => ({
  ...sealed,
  annotations: new Map([...sealed.annotations, ['a', "it's"]]),
})

const envelopeLines = (margin: string, eol = '\n') =>
  [
    `+${margin}- id: "${fresh}"`,
    `+${margin}  suite: "xwing-xsalsa20poly1305"`,
    `+${margin}  binding: "deqq5mu6ook6nixp"`,
    `+${margin}  commitment: "`,
    `+${margin}  recipients:`,
    `+${margin}    - key: "wxu5fus6ikzii3ftnombfcdkzx4e"`,
    `+${margin}      kem: "`,
    `+${margin}      wrap: "`,
  ].map((line) => expect.stringMatching(new RegExp(`^${escaped(line)}.*${escaped(eol)}$`)))
const escaped = (text: string) => text.replace(/[+\\$.*?()[\]{}|^]/g, '\\$&')

/** The object as people write it, with everything that a careless writer would lose. */
const written = `# on top
%SECTION%
apiVersion: waxwing.dev/v1alpha1   # ours
kind:   SealedSecret
metadata:
    name: 'db'
    labels: &labels { app: shop,   tier: "db" }   # flow
    namespace: "shop"
spec:
    envelopes:
    # the first
    - suite: xwing-xsalsa20poly1305
      id: ${old}
      recipients:
      - { key: wxu5fus6ikzii3ftnombfcdkzx4e, kem: "${kem(0)}", wrap: "${kem(1)}" }
      binding: deqq5mu6ook6nixp
      commitment: >-
        ${commitment()}
    # values below
    data:
        # who
        user: "${value('user')}"   # rotated by hand

        "password": |-
            ${value('password')}

    # that was all
    scope: strict
    template:
        metadata: { labels: *labels }
        data:
            url: |
                # not a comment
                postgres://{{ .user }}@db
# at the end
`.replace('%SECTION%\n', '')

function kem(index: number): string {
  const entry = object.envelopes[0]?.recipients[0]
  return Buffer.from((index === 0 ? entry?.kem : entry?.wrap) ?? []).toString('base64')
}
function commitment(): string {
  return Buffer.from(object.envelopes[0]?.commitment ?? []).toString('base64')
}

describe('a file as seal writes it', () => {
  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('%s: the hunk and nothing else', (_name, eol) => {
    const text = plain.replaceAll('\n', eol)
    expect(hunks(text, edited(text, set))).toEqual([
      ...envelopeLines('    ', eol),
      `-    "user": "${short(value('user'))}"${eol}`,
      `+    "user": "${short(value('user', other))}"${eol}`,
      `+    "token": "${short(value('token', other))}"${eol}`,
    ])
    expect(edited(edited(text, set), () => object)).toBe(text)
    expect(hunks(text, edited(text, unset))).toEqual([`-    "user": "${short(value('user'))}"${eol}`])
    expect(edited(edited(text, clear), () => object)).toBe(text)
    expect(hunks(text, edited(text, annotate))).toEqual([`+  annotations:${eol}`, `+    a: it's${eol}`])
  })

  test('without a last line break: none is added', () => {
    const text = plain.slice(0, -1)
    const after = edited(text, set)
    expect(after.endsWith(`"${value('token', other)}"`)).toBe(true)
    expect(edited(after, () => object)).toBe(text)
    const empty = edited(text, clear)
    expect(empty.endsWith('  data: {}')).toBe(true)
    expect(edited(empty, () => object)).toBe(text)
  })

  test('with a byte order mark and a marker', () => {
    for (const head of ['\uFEFF', '---\n', '\uFEFF---\n', '%YAML 1.2\n---\n', '# c\n--- # d\n']) {
      const after = edited(head + plain, set)
      expect(after).toBe(head + edited(plain, set))
    }
    expect(edited(`${plain}...\n`, set)).toBe(`${edited(plain, set)}...\n`)
  })

  test('the last value: empty collections in its place, comments stay', () => {
    const text = plain.replace('  data:\n', '  data: # values\n    # none yet\n')
    expect(edited(text, clear)).toMatch(/ {2}envelopes: \[\]\n {2}data: \{\} # values\n {4}# none yet\n$/)
    expect(edited(edited(text, clear), () => object)).toBe(
      plain.replace(/ {2}data:\n([\s\S]*)/, '  data: # values\n$1    # none yet\n'),
    )
  })
})

describe('a file with comments, anchors, odd spaces, flow and block texts', () => {
  test('set', () => {
    expect(hunks(written, edited(written, set))).toEqual([
      ...envelopeLines('    '),
      `-        user: "${short(value('user'))}"   # rotated by hand\n`,
      `+        user: "${short(value('user', other))}"   # rotated by hand\n`,
      `+        "token": "${short(value('token', other))}"\n`,
    ])
  })

  test('unset', () => {
    expect(hunks(written, edited(written, unset))).toEqual([
      `-        user: "${short(value('user'))}"   # rotated by hand\n`,
    ])
  })

  test('unset of a block text', () => {
    expect(
      hunks(
        written,
        edited(written, (sealed) => unsetValues(sealed, ['password'])),
      ),
    ).toEqual(['-        "password": |-\n', `-            ${short(value('password'))}\n`])
  })

  test('an annotation', () => {
    expect(hunks(written, edited(written, annotate))).toEqual(['+    annotations:\n', "+      a: it's\n"])
  })
})

describe('flow style and JSON', () => {
  const json = JSON.stringify(sealedSecretObject(object), null, 2)
  test.each([
    ['JSON in lines', json],
    ['JSON with tabs', JSON.stringify(sealedSecretObject(object), null, '\t')],
    ['JSON in lines, CRLF', `${json.replaceAll('\n', '\r\n')}\r\n`],
    ['JSON in one line', `${JSON.stringify(sealedSecretObject(object))}\n`],
    ['spaced JSON in one line', `${json.replace(/\n */g, ' ')}\n`],
    [
      'flow below block',
      plain.replace(/( {2}data:)\n.*"user": (.*)\n.*"password": (.*)\n/, '$1 { user: $2, password: $3 }\n'),
    ],
  ])('%s: there and back again', (_name, text) => {
    const after = edited(text, set)
    expect(edited(after, () => object)).toBe(text)
    expect(edited(edited(text, annotate), () => object)).toBe(text)
    if (text.startsWith('{')) JSON.parse(after)
  })

  test('JSON: the same as a serializer writes', () => {
    const both = set(object)
    expect(edited(json, set)).toBe(JSON.stringify(sealedSecretObject(both), null, 2))
    const dense = JSON.stringify(sealedSecretObject(object))
    expect(edited(dense, set)).toBe(JSON.stringify(sealedSecretObject(both)))
    expect(edited(json, clear)).toBe(JSON.stringify(sealedSecretObject(clear(object)), null, 2))
    expect(edited(edited(json, clear), () => object)).toBe(json)
    expect(edited(edited(dense, clear), () => object)).toBe(dense)
  })

  test('comments between the parts of a flow mapping', () => {
    const text = plain.replace(
      / {2}data:\n.*"user": (.*)\n.*"password": (.*)\n/,
      '  data: {\n    user: $1, # who\n    # what\n    "password": $2 # end\n    }\n',
    )
    expect(hunks(text, edited(text, unset))).toEqual([`-    user: "${short(value('user'))}", # who\n`])
    expect(
      hunks(
        text,
        edited(text, (sealed) => unsetValues(sealed, ['password'])),
      ),
    ).toEqual([
      `-    user: "${short(value('user'))}", # who\n`,
      `+    user: "${short(value('user'))}" # who\n`,
      `-    "password": "${short(value('password'))}" # end\n`,
    ])
  })
})

describe('refused, with nothing changed', () => {
  const refused = (text: string, change: (sealed: SealedSecret) => SealedSecret) =>
    expect(() => edited(text, change))

  test('an anchor that is used elsewhere', () => {
    const text = `${plain.replace('"user": ', '"user": &u ')}  template: { data: { copy: *u } }\n`
    refused(text, set).toThrowWithCode('edit-place')
    refused(text, unset).toThrowWithCode('edit-place')
    expect(
      hunks(
        text,
        edited(text, (sealed) => unsetValues(sealed, ['password'])),
      ),
    ).toHaveLength(1)
  })

  test('an alias on the way', () => {
    const text = plain.replace('metadata:', 'metadata: &m').replace('spec:', 'spec: &s')
    expect(hunks(text, edited(text, annotate))).toHaveLength(2)
    refused(
      `${plain.replace('  namespace: shop\n', '  namespace: shop\n  labels: &l { a: b }\n  annotations: *l\n')}`,
      annotate,
    ).toThrowWithCode('edit-place')
  })

  test('two things on one line', () => {
    refused(plain.replace('    - id', '    -\n      id'), (sealed) => ({
      ...set(sealed),
      envelopes: other.envelopes,
      data: other.data,
    })).toThrowWithCode('edit-place')
  })
})
