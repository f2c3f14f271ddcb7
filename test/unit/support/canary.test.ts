import { expect, test } from 'vitest'
import { canary, expectNoCanary } from '../../support/canary.ts'

const one = canary()
const buffer = Buffer.from(one.bytes)

test.each([
  ['raw', one.text],
  ['within a line', `value=${one.text}; next`],
  ['cut off', one.text.slice(0, 32)],
  ['base64', buffer.toString('base64')],
  [
    'base64 of something longer',
    Buffer.concat([Buffer.from('x'), buffer, Buffer.from('y')]).toString('base64'),
  ],
  ['base64 of something longer, shifted', Buffer.concat([Buffer.from('xy'), buffer]).toString('base64')],
  ['hex', buffer.toString('hex')],
  ['upper-case hex', buffer.toString('hex').toUpperCase()],
  ['JSON', JSON.stringify({ value: one.text })],
  ['URL', `/path?value=${encodeURIComponent(one.text)}`],
])('is found %s', (_form, text) => {
  expect(() => expectNoCanary(text)).toThrow(/canary 0 is in the text/)
})

test('is not found where it is not, and the failure does not show it', () => {
  expect(() => expectNoCanary('{"level":"info","message":"canary-"}')).not.toThrow()
  let message = ''
  try {
    expectNoCanary(one.text, 'the log')
  } catch (error) {
    message = String(error)
  }
  expect(message).toBe('Error: canary 0 is in the log, at character 7')
})
