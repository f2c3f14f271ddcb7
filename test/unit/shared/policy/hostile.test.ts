import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError } from '../../../../shared/errors.ts'
import { readCfgu } from '../../../../shared/policy/cfgu/read.ts'
import { readPolicy } from '../../../../shared/policy/read.ts'
import { CFGU_FILES } from './cfgu-samples.ts'
import { POLICIES } from './samples.ts'

/** A piece of a good file, replaced by what does not belong there. */
const damaged = (texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.nat(),
      fc.nat(30),
      fc.constantFrom(
        'word',
        '"word"',
        '{',
        ']',
        ': ',
        '\n',
        '- ',
        '&a ',
        '*a',
        '!!x ',
        '__proto__',
        'null',
        '\u0000',
        '',
      ),
    )
    .map(([text, at, length, piece]) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + piece + text.slice(start + length)
    })

/** Anything but a refusal of ours is a fault. */
function refusal(read: () => unknown): SealError | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return error
  }
}

test.each([
  ['a policy', readPolicy, POLICIES.map(({ text }) => text)],
  ['a schema', readCfgu, CFGU_FILES.map(({ text }) => text)],
])('%s that is damaged is read or refused', (_what, read, texts) => {
  fc.assert(
    fc.property(damaged(texts), (text) => {
      const error = refusal(() => read(text))
      if (!error) return
      expect(error.code).toMatch(/^(policy-malformed|schema-malformed|yaml-|too-large)/)
    }),
    { numRuns: 3000 },
  )
})
