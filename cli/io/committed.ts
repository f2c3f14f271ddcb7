import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { gitWorkTreeOf } from './git.ts'

const MAX_BYTES = 64 << 20

/** The file as the last commit has it, '' where it has none; undefined outside of git. */
export function committedText(path: string): string | undefined {
  const real = realpathSync(path)
  if (gitWorkTreeOf(real) === undefined) return undefined
  try {
    return execFileSync('git', ['-C', dirname(real), 'show', `HEAD:./${basename(real)}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: MAX_BYTES,
    })
  } catch {
    // Not in the last commit, or no git here to ask.
    return ''
  }
}
