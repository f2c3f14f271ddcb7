import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'

let shell: Shell
beforeEach(() => {
  shell = openShell()
})
afterEach(() => shell.remove())

test('Ctrl-C while it waits for input: 130, nothing written, and it says so', async () => {
  writeFileSync(join(shell.folder, 'prod.key.yaml'), (await namedKey('prod')).publicText)
  const args = ['seal', '-k', 'prod.key.yaml', '--out', 'out.yaml', '-']
  const child = spawn(join(shell.folder, '../bin/waxwing'), args, { cwd: shell.folder })
  let stderr = ''
  let stdout = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  // More than a pipe holds: when it has been taken, the program is reading.
  await new Promise((resolve) => child.stdin.write('# more\n'.repeat(100_000), resolve))
  child.kill('SIGINT')
  const [code] = await once(child, 'close')
  expect({ code, stdout, stderr }).toEqual({
    code: 130,
    stdout: '',
    stderr: 'error   interrupted; nothing was written\n',
  })
  expect(readdirSync(shell.folder)).toEqual(['prod.key.yaml'])
})
