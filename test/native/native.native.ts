import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { must, root, run } from '../support/programs.ts'

/** These tests are of the executable that `npm run build:native` makes; CI runs the transcripts on it as well. */
const program = join(root, 'dist/waxwing-native')
const bun = join(root, 'test/runtimes/node_modules/@oven/bun-linux-x64/bin/bun')

test('it says the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(await must(run(program, ['--version']))).toBe(`${version}\n`)
})

test('the ML-KEM of its runtime is WebCrypto, and the primitives are those of Bun', async () => {
  const source = `
    import { chooseKem } from './shared/crypto/kem/choose.ts'
    import { primitives } from '#primitives'
    console.log((await chooseKem()).name, primitives.name)`
  expect(await must(run(bun, ['-e', source], { cwd: root }))).toBe('webcrypto bun\n')
})

test('it runs nothing that lies in the folder where it is run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waxwing-native-'))
  writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./other.js"]\n')
  writeFileSync(join(folder, 'other.js'), "console.log('run')\n")
  writeFileSync(join(folder, '.env'), 'BUN_OPTIONS="--preload=./other.js"\n')
  expect(await must(run(program, ['--version'], { cwd: folder }))).not.toContain('run')
  rmSync(folder, { recursive: true })
})

test('the demo says what it needs where the executable stands alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waxwing-native-'))
  copyFileSync(program, join(folder, 'waxwing'))
  const { code, stderr } = await run(join(folder, 'waxwing'), ['demo'])
  rmSync(folder, { recursive: true })
  expect(code).toBe(2)
  expect(stderr).toContain('[environment]')
})
