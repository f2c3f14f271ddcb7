import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MARKS } from './canary.ts'

/** Every test's temporary files go into one folder, which must hold no secret value when the run is over. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'waxwing-tests-'))
  process.env.TMPDIR = folder
  return () => {
    const found = filesWithMarks(folder)
    rmSync(folder, { recursive: true, force: true })
    if (found.length === 0) return
    // An error thrown here would be printed and forgotten: the run would still end with 0.
    process.on('exit', () => {
      process.exitCode = 1
    })
    throw new Error(`secret values were left in temporary files: ${found.join(', ')}`)
  }
}

/** Files below `folder` that hold a canary in any form. */
export function filesWithMarks(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .filter((file) => {
      const bytes = readFileSync(file)
      return MARKS.some((mark) => bytes.includes(mark))
    })
}
