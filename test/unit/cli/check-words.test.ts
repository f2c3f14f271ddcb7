import { expect, test } from 'vitest'
import { checkSentence } from '../../../cli/render/check-words.ts'
import { CHECK_CODES } from '../../../shared/check-codes/all.ts'

/** What checks give besides the key. */
const ARGS = { certificate: '2', entry: '1', date: '2030-01-31', type: 'a/b', meant: 'a/c' }

test.each(Object.keys(CHECK_CODES))('%s has words, for a value or for the whole', (code) => {
  const said = [{ ...ARGS, key: 'tls.crt' }, ARGS].map((args) => checkSentence(code, args))
  const [words = '', ...others] = said.filter((each) => each !== undefined)
  expect(others).toEqual([])
  expect(words).not.toMatch(/undefined|NaN|\.$/)
  expect(words.length).toBeLessThan(100)
})

test('other codes have theirs elsewhere', () => {
  expect(checkSentence('usage', {})).toBe(undefined)
})
