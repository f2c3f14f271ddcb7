import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cliProgram, run } from '../../support/programs.ts'

let folder: string
let main: string
let cache: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waxwing-compiled-'))
  main = join(folder, 'cli/main.cjs')
  cache = join(folder, 'home/.cache/waxwing/compiled')
  mkdirSync(join(folder, 'cli'))
  copyFileSync(cliProgram, join(folder, 'waxwing.js'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A program that says a word, as old as every other: V8 tells sources of the same length and time apart by nothing. */
function program(word: string, time = 1000): void {
  writeFileSync(main, `function say() { console.log('${word}') }\nsay()\n`)
  utimesSync(main, time, time)
}

const says = async (env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<string> => {
  const started = { HOME: join(folder, 'home'), ...env }
  const { code, stdout, stderr } = await run(process.execPath, [join(folder, 'waxwing.js'), ...args], {
    env: started,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.trim()
}

test('a program runs as it was compiled the last time, for each command', async () => {
  program('a')
  expect(await says()).toBe('a')
  program('b')
  expect(await says()).toBe('a')
  expect(await says({}, 'verify', 'x')).toBe('b')
  expect(await says({}, '../verify')).toBe('a')
  expect(readdirSync(cache)).toHaveLength(2)
  expect(statSync(cache).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(cache)) expect(statSync(join(cache, name)).mode & 0o777).toBe(0o600)
})

test('not when it has changed, when that is turned off, nor from a folder that others can write to', async () => {
  program('a')
  expect(await says()).toBe('a')
  program('b')
  expect(await says({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('b')
  chmodSync(cache, 0o777)
  expect(await says()).toBe('b')
  chmodSync(cache, 0o700)
  expect(await says()).toBe('a')
  program('b', 1001)
  expect(await says()).toBe('b')
  program('c', 1001)
  expect(await says()).toBe('b')
})

test('what is kept and damaged is made anew', async () => {
  program('a')
  expect(await says()).toBe('a')
  const [kept = ''] = readdirSync(cache)
  writeFileSync(join(cache, kept), 'nothing')
  expect(await says()).toBe('a')
  program('b')
  expect(await says()).toBe('a')
})

test('nothing is kept of a program that fails, nor where there is no home', async () => {
  program('a')
  expect(await says({ HOME: '' })).toBe('a')
  writeFileSync(main, 'process.exitCode = 1')
  expect(
    (await run(process.execPath, [join(folder, 'waxwing.js')], { env: { HOME: join(folder, 'home') } })).code,
  ).toBe(1)
  expect(() => readdirSync(cache)).toThrow()
})
