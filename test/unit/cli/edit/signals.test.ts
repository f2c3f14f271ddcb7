import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canary } from '../../../support/canary.ts'
import { namedKey } from '../../../support/keys.ts'
import { until } from '../../../support/programs.ts'
import { openShell, type Shell } from '../../../support/shell.ts'

let shell: Shell
beforeEach(async () => {
  shell = openShell()
  const { publicText, seedText } = await namedKey('prod')
  writeFileSync(join(shell.folder, 'prod.key.yaml'), publicText)
  writeFileSync(join(shell.folder, 'prod.seed.yaml'), seedText)
  writeFileSync(join(shell.folder, 'value'), canary().bytes)
  mkdirSync(join(shell.folder, 'run'))
  await shell.warm('waxwing create opaque db -n shop -k prod.key.yaml --from-file value > db.yaml; rm value')
})
afterEach(() => shell.remove())

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)(
  '%s while the editor is open: the text is gone, the file is as it was',
  async (signal, expected) => {
    const file = join(shell.folder, 'db.yaml')
    const run = join(shell.folder, 'run')
    const before = readFileSync(file, 'utf8')
    // A swap file beside the text, as vim leaves it.
    const EDITOR = 'f() { cp "$1" "$1.swp"; echo > ready; exec sleep 60; }; f'
    const env = { ...process.env, EDITOR, VISUAL: '', XDG_RUNTIME_DIR: run }
    const args = ['edit', '--seed', 'prod.seed.yaml', 'db.yaml']
    const child = spawn(join(shell.folder, '../bin/waxwing'), args, {
      cwd: shell.folder,
      env,
      stdio: 'ignore',
    })
    const closed = once(child, 'close')
    await until('the editor', async () => readdirSync(shell.folder).includes('ready'))
    expect(readdirSync(run)).toHaveLength(1)
    child.kill(signal)
    expect(await closed).toEqual([expected, null])
    expect(readdirSync(run)).toEqual([])
    expect(readFileSync(file, 'utf8')).toBe(before)
  },
)
