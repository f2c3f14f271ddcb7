import { describe, expect, test } from 'vitest'
import { must, root, run } from '../support/programs.ts'

/** Each benchmark on a few objects: that it runs to its end and prints what it is for, whatever the figures. */
describe.concurrent('npm run bench --', () => {
  test.each([
    ['first-sync', ['--count', '20'], /^ratio +\d+\.\d\d × the raw client/m],
    ['restart', ['--count', '20', '--rest', '0', '--watched', '0'], /^writes of objects +0 .*met/m],
    ['churn', ['--count', '20', '--changes', '5', '--every', '50'], /^p99 +\d+ ms/m],
    ['memory', ['--count', '10', '--bytes', '2000', '--rest', '0'], /^10 large, restart +\d+, \d+ at/m],
    ['oracle', ['--real', '--requests', '5'], /^most different pair +p = [\d.]+, D = [\d.]+ \(/m],
    ['opens', ['--count', '50'], /^Node 24[^ ]+ +0\.\d+ ms of CPU an object; X-Wing, node:crypto: 0\.\d+ /m],
  ])('%s', async (name, flags, line) => {
    expect(await must(run(process.execPath, ['bench/run.mjs', name, ...flags], { cwd: root }))).toMatch(line)
  })
})
