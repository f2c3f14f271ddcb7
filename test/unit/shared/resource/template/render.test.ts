import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderer } from '../../../../../shared/resource/render.ts'
import { fromText, runeAt, runes, sizeOf } from '../../../../../shared/resource/template/text.ts'

const bytes = fc.uint8Array({ maxLength: 200 })

test('a value comes out as it went in, byte for byte', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const render = renderer(new Map([['k-1', value]]))
      expect(render('t', '{{ index . "k-1" }}')).toEqual(new Uint8Array(value))
      expect(render('t', '{{ with index . "k-1" }}{{ . | b64enc | b64dec }}{{ end }}')).toEqual(
        new Uint8Array(value),
      )
    }),
  )
})

test('text without actions is itself, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('{{'))
      expect(renderer(new Map())('t', text)).toEqual(new TextEncoder().encode(text))
    }),
  )
})

test('a quoted string is itself, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // JSON has the escapes of Go, but for these.
      fc.pre(!/\/|[\ud800-\udfff]/.test(text))
      const rendered = renderer(new Map())('t', `{{ ${JSON.stringify(text)} }}`)
      expect(rendered).toEqual(new TextEncoder().encode(text))
    }),
  )
})

test('keys of the prototype are keys like others', () => {
  const render = renderer(new Map([['__proto__', Buffer.from('p')]]))
  expect(Buffer.from(render('t', '{{ .__proto__ }}')).toString()).toBe('p')
  expect(() => render('t', '{{ .constructor }}')).toThrow('no such key')
  expect(() => render('t', '{{ constructor }}')).toThrow('neither Go nor sprig')
  expect(() => render('t', '{{ (dict).toString }}')).toThrow('no such key')
})

test('characters are found in bytes as a decoder finds them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const found = Array.from(runes(fromText(text)), ([rune]) => rune)
      expect(found).toEqual(
        Array.from(new TextDecoder().decode(new TextEncoder().encode(text)), (c) => c.codePointAt(0)),
      )
    }),
  )
})

test.each([
  ['\xc3\xa9', 0xe9],
  ['\xc0\x80', -1],
  ['\xc3', -1],
  ['\xe0\x80\x80', -1],
  ['\xed\xa0\x80', -1],
  ['\xf4\x90\x80\x80', -1],
  ['\xf0\x9f\x98\x80', 0x1f600],
  ['\xef\xbf\xbd', 0xfffd],
  ['\x80', -1],
])('%j is %d', (text, rune) => {
  expect(runeAt(text, 0)).toBe(rune)
  expect(sizeOf(rune)).toBe(rune < 0 ? 1 : text.length)
})
