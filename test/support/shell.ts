import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { cliProgram, type Finished, run } from './programs.ts'

/** A folder of its own in which shell lines run with `waxwing` on the PATH. */
export interface Shell {
  folder: string
  sh(script: string): Promise<Finished>
  remove(): void
}

/** WAXWING_CLI names another build of the program, a native one say. */
const program = process.env.WAXWING_CLI ?? cliProgram
const command = program.endsWith('.js') ? `"${process.execPath}" "${program}"` : `"${program}"`

export function openShell(env: NodeJS.ProcessEnv = {}): Shell {
  const home = mkdtempSync(join(tmpdir(), 'waxwing-shell-'))
  const folder = join(home, 'work')
  const bin = join(home, 'bin')
  for (const path of [folder, bin]) mkdirSync(path)
  writeFileSync(join(bin, 'waxwing'), `#!/bin/sh\nexec ${command} "$@"\n`)
  chmodSync(join(bin, 'waxwing'), 0o755)
  const { KUBECONFIG: _, NO_COLOR: __, ...inherited } = process.env
  const PATH = `${bin}${delimiter}${process.env.PATH}`
  return {
    folder,
    // HOME is where a kubeconfig would be looked for: there is none here.
    sh: (script) =>
      run('sh', ['-c', script], {
        cwd: folder,
        env: { ...inherited, PATH, HOME: home, LC_ALL: 'C.UTF-8', ...env },
      }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
