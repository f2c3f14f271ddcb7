import { describe, expect, test } from 'vitest'
import { choosePaint } from '../../../cli/render/paint.ts'
import { progressBar } from '../../../cli/render/progress.ts'
import { openTerminal } from '../../../cli/terminal.ts'

test('a bar, drawn at most ten times a second and taken away', () => {
  let now = 0
  let written = ''
  const bar = progressBar(
    (text) => (written += text),
    choosePaint('never', true, {}),
    200,
    'files',
    () => now,
  )
  bar.at(10)
  expect(written).toBe('')
  now = 100
  bar.at(50)
  bar.at(60)
  expect(written).toBe(`\r\u001b[K██████${'░'.repeat(18)} 50 of 200 files`)
  bar.end()
  bar.end()
  expect(written.split('\r\u001b[K')).toHaveLength(3)
})

describe('is shown on a terminal alone', () => {
  const shown = (isTTY: boolean, total: number, options = {}, env: NodeJS.ProcessEnv = {}) => {
    let written = ''
    const stream = { isTTY, write: (text: string) => (written += text) }
    const fake = { stdout: stream, stderr: stream, env } as unknown as NodeJS.Process
    const progress = openTerminal(fake, options).progress(total, 'files')
    const end = performance.now() + 110
    while (performance.now() < end) progress.at(1)
    progress.at(1)
    progress.end()
    return written
  }

  test('for more than 50 files', () => {
    expect(shown(true, 51)).toContain('1 of 51 files')
    expect(shown(true, 50)).toBe('')
  })

  test.each([
    ['a pipe', false, {}, {}],
    ['-q', true, { quiet: true }, {}],
    ['a terminal that cannot move its cursor', true, {}, { TERM: 'dumb' }],
  ])('not with %s', (_what, isTty, options, env) => {
    expect(shown(isTty, 1000, options, env)).toBe('')
  })

  test('without colours where there are to be none', () => {
    expect(shown(true, 51, {}, { NO_COLOR: '1' })).not.toContain('\u001b[3')
    expect(shown(true, 51)).toContain('\u001b[32m')
  })
})
