import { expect, test } from 'vitest'
import { Refused } from '../../../cli/refused.ts'
import { findingsText } from '../../../cli/render/findings.ts'
import { choosePaint, printable } from '../../../cli/render/paint.ts'
import { report } from '../../../cli/report.ts'
import { openTerminal } from '../../../cli/terminal.ts'
import { SealError } from '../../../shared/errors.ts'
import { canary, expectNoCanary } from '../../support/canary.ts'

/** What is said of an error, and the exit code. */
function reported(error: unknown, debug = false, quiet = true) {
  let said = ''
  const stderr = {
    write(text: string) {
      said += text
    },
  }
  const fake = { stdout: stderr, stderr, env: {} } as unknown as NodeJS.Process
  const code = report(error, openTerminal(fake, { quiet }), debug)
  return { code, said: said.split('\n') }
}

test.each([
  [new SealError('moved', 'x'), 1, 'error   x [moved]'],
  [new SealError('usage', 'x'), 2, 'error   x [usage]'],
  [
    new SealError('file-read', 'no such file', { where: { file: 'a.yaml' } }),
    2,
    'error   a.yaml: no such file [file-read]',
  ],
  [new SealError('cluster', 'x'), 1, 'error   x [cluster]'],
])('%s', (error, code, line) => {
  const result = reported(error)
  expect([result.code, result.said[0]]).toEqual([code, line])
})

test('a fault of ours shows its kind, and nothing that it says', () => {
  const { text } = canary()
  const error = new TypeError(`cannot read ${text}`, { cause: new Error(text) })
  for (const debug of [false, true]) {
    const { code, said } = reported(error, debug, false)
    expect([code, said[0]]).toEqual([2, 'error   a fault in Waxwing itself (TypeError) [internal]'])
    expect(said.some((line) => line.includes('report.test.ts'))).toBe(debug)
    expectNoCanary(said.join('\n'))
  }
  expect(reported('thrown text').said[0]).toBe('error   a fault in Waxwing itself (Error) [internal]')
})

test('advice is given once for those in a row that share it', () => {
  const finding = (code: 'secret-null' | 'secret-base64', line: number) => ({
    code,
    severity: 'fail' as const,
    file: 'a',
    line,
    args: { field: 'data.k' },
  })
  const { said } = reported(
    new Refused([finding('secret-null', 1), finding('secret-null', 2), finding('secret-base64', 3)]),
  )
  expect(said.map((line) => line.slice(0, 12))).toEqual([
    'error   a:1:',
    'error   a:2:',
    '        Null',
    '        with',
    '        fix:',
    'error   a:3:',
    '        Valu',
    '        fix:',
    '',
  ])
})

test('what could move a cursor is not printed', () => {
  expect(printable('a\u001b[31mb\rc\nd\u202ee\u0085f\tgü→😀')).toBe('a?[31mb?c?d?e?f?gü→😀')
})

test.each([
  ['auto', true, {}, true],
  ['auto', false, {}, false],
  ['auto', true, { NO_COLOR: '1' }, false],
  ['auto', true, { NO_COLOR: '' }, true],
  ['auto', true, { TERM: 'dumb' }, false],
  ['always', false, { NO_COLOR: '1' }, true],
  ['never', true, {}, false],
] as const)('--color %s, terminal %s, %j: %s', (when, isTty, env, coloured) => {
  expect(choosePaint(when, isTty, env)('red', 'x') !== 'x').toBe(coloured)
})

test('on a terminal the severities are marks', () => {
  const finding = {
    code: 'moved',
    severity: 'fail',
    file: 'f',
    line: 4,
    column: 9,
    args: { reason: 'words' },
  } as const
  const paint = choosePaint('never', true, {})
  expect(findingsText([finding], paint, true).split('\n').slice(0, 2)).toEqual([
    'f',
    '  4:9   ✗     moved             words',
  ])
})
