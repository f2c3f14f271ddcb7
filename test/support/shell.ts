import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { cliProgram, type Finished, run } from './programs.ts'
import { inBackground, runWarm, sharesFiles, standIn } from './warm/client.ts'

/** A folder of its own in which shell lines run with `waxwing` on the PATH. */
export interface Shell {
  folder: string
  sh(script: string): Promise<Finished>
  /**
   * As `sh`, but by a process that has run commands before, where that is possible: ten times as fast. Not for what is about
   * terminals, signals or connections, which a process of its own has and leaves.
   */
  warm(script: string): Promise<Finished>
  remove(): void
}

/** WAXWING_CLI names another build of the program, a native one say; or this one, to start it for every command. */
const program = process.env.WAXWING_CLI ?? cliProgram
const command = program.endsWith('.cjs') ? `"${process.execPath}" "${program}"` : `"${program}"`
const canWarm = process.env.WAXWING_CLI === undefined && process.platform === 'linux'

export function openShell(env: NodeJS.ProcessEnv = {}): Shell {
  const home = mkdtempSync(join(tmpdir(), 'waxwing-shell-'))
  const folder = join(home, 'work')
  const [bin, warmBin] = [join(home, 'bin'), join(home, 'bin/warm')]
  for (const path of [folder, bin, warmBin]) mkdirSync(path)
  writeFileSync(join(bin, 'waxwing'), `#!/bin/sh\nexec ${command} "$@"\n`)
  writeFileSync(join(warmBin, 'waxwing'), standIn(command))
  for (const path of [bin, warmBin]) chmodSync(join(path, 'waxwing'), 0o755)
  const { KUBECONFIG: _, NO_COLOR: __, ...inherited } = process.env
  // HOME is where a kubeconfig would be looked for: there is none here.
  const options = (first: string) => ({
    cwd: folder,
    env: {
      ...inherited,
      PATH: `${first}${delimiter}${process.env.PATH}`,
      HOME: home,
      LC_ALL: 'C.UTF-8',
      ...env,
    },
  })
  const sh = (script: string) => run('sh', ['-c', script], options(bin))
  return {
    folder,
    sh,
    warm: (script) =>
      canWarm && !sharesFiles(script) && !inBackground(script)
        ? runWarm(script, { ...options(warmBin), bin: warmBin })
        : sh(script),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
