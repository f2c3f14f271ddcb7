import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineSplitter } from '../../../../shared/kube/lines.ts'

const LIMIT = 1 << 20

function split(bytes: Buffer, cuts: number[]): string[] {
  const splitter = createLineSplitter('watch', LIMIT)
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return edges.slice(1).flatMap((end, index) => splitter.push(bytes.subarray(edges[index], end)))
}

test('lines come out whole wherever the chunks are cut, also inside a character', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text))
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(500)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''))
      expect(split(bytes, cuts)).toEqual(lines)
    }),
  )
})

test('byte by byte', () => {
  const bytes = Buffer.from('{"ü":"🔑"}\n\n{"€":1}\r\n')
  expect(split(bytes, [...bytes.keys()])).toEqual(['{"ü":"🔑"}', '{"€":1}'])
})

test('what has not ended is pending, not a line', () => {
  const splitter = createLineSplitter('watch', LIMIT)
  expect(splitter.push(Buffer.from('a\nbc'))).toEqual(['a'])
  expect(splitter.pendingBytes()).toBe(2)
  expect(splitter.push(Buffer.from('\n'))).toEqual(['bc'])
  expect(splitter.pendingBytes()).toBe(0)
})

test('a line without end is refused before it fills the memory', () => {
  const splitter = createLineSplitter('watch secrets', 10)
  splitter.push(Buffer.from('123456'))
  expect(() => splitter.push(Buffer.from('123456'))).toThrow('watch secrets: EBODYTOOLARGE')
})
