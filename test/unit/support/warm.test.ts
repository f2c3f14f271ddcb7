import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'

const prod = await namedKey('prod')
const SECRET =
  '{ apiVersion: v1, kind: Secret, metadata: { name: db, namespace: shop }, stringData: { a: b } }\n'

let shell: Shell
beforeEach(() => {
  shell = openShell()
  writeFileSync(join(shell.folder, 'prod.key.yaml'), prod.publicText)
  writeFileSync(join(shell.folder, 'prod.seed.yaml'), prod.seedText)
  writeFileSync(join(shell.folder, 'db.yaml'), SECRET)
})
afterEach(() => shell.remove())

test.each([
  ['outputs and code', 'waxwing keys show prod.key.yaml; waxwing verify nowhere; echo $?'],
  ['a wrong command', 'waxwing sael; echo $?; waxwing'],
  ['one output in the other', 'waxwing sael 2>&1 > out | cat -A; cat out'],
  ['arguments', 'waxwing "keys show" ""; waxwing verify "" "a  b" "new\nline"'],
  ['a file as input', 'waxwing keys show - < prod.key.yaml'],
  ['no input', 'waxwing keys show -; waxwing keys show - < /dev/null; waxwing unset db.yaml a'],
  [
    'a pipe as input, of a command and of others',
    'cat db.yaml | waxwing seal -q -k prod.key.yaml - | waxwing unseal -q --seed prod.seed.yaml',
  ],
  ['a full disk', 'waxwing keys show prod.key.yaml > /dev/full; echo $?'],
  ['a file that commands write in turn', '{ waxwing --version; echo a; waxwing --version; } > f; cat f'],
  ['a file that is written to its end', 'echo a > f; waxwing --version >> f; cat f'],
  [
    'the environment, and nothing of an earlier one',
    'KUBECONFIG=gone waxwing seal -q db.yaml; waxwing seal -q db.yaml',
  ],
  ['the folder', 'mkdir a; cd a; waxwing keys show ../prod.key.yaml; cd ..; rmdir a; waxwing verify db.yaml'],
  [
    'what others may read',
    'umask 027; waxwing seal -q -k prod.key.yaml --out s db.yaml; ls -l s | cut -c-10',
  ],
])('%s: as with a process for every command', async (_what, line) => {
  const cold = await shell.sh(line)
  await shell.sh('rm -rf f s p out')
  expect(await shell.warm(line)).toEqual(cold)
  expect(cold.stdout + cold.stderr).not.toBe('')
})
