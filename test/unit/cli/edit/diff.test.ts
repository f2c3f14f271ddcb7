import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from '../../../../cli/render/diff.ts'

/** What `patch` would make of it. */
function patched(text: string, diff: string): string {
  const old = text.split(/(?<=\n)/).filter((line) => line !== '')
  const made: string[] = []
  let at = 0
  for (const row of diff
    .replaceAll('\n\\ No newline at end of file\n', '')
    .split(/\n(?=[-+ @])/)
    .slice(2)) {
    const [, start, length] = /^@@ -(\d+),(\d+) /.exec(row) ?? []
    const end = old[at]?.endsWith('\n') === false ? '' : '\n'
    if (start !== undefined) {
      const from = Number(start) - (length === '0' ? 0 : 1)
      made.push(...old.slice(at, from))
      at = from
    } else if (row.startsWith('+')) made.push(`${row.slice(1).replace(/\n$/, '')}\n`)
    else {
      expect(old[at]).toBe(`${row.slice(1).replace(/\n$/, '')}${end}`)
      if (row.startsWith(' ')) made.push(old[at] ?? '')
      at += 1
    }
  }
  return [...made, ...old.slice(at)].join('')
}

test('a patch gives the one text from the other', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(patched(before, unifiedDiff('f', before, after))).toBe(after)
    }),
    { numRuns: 500 },
  )
})

test('hunks with their places', () => {
  const lines = (...list: (number | string)[]) => list.map((line) => `${line}\n`).join('')
  const before = lines(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
  const after = lines(1, 'x', 3, 4, 5, 6, 7, 8, 9, 10, 11)
  expect(unifiedDiff('f', before, after)).toBe(
    lines('--- a/f', '+++ b/f', '@@ -1,5 +1,5 @@', ' 1', '-2', '+x', ' 3', ' 4', ' 5') +
      lines('@@ -9,4 +9,3 @@', ' 9', ' 10', ' 11', '-12'),
  )
  expect(unifiedDiff('f', 'a', 'a\nb')).toBe(
    lines('--- a/f', '+++ b/f', '@@ -1,1 +1,2 @@', '-a', '\\ No newline at end of file', '+a', '+b') +
      '\\ No newline at end of file\n',
  )
})
