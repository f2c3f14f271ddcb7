import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The git work tree that a new file at `path` would be in, links followed. */
export function gitWorkTreeOf(path: string): string | undefined {
  const folder = dirname(resolve(path))
  let here = existsSync(folder) ? realpathSync(folder) : folder
  for (;;) {
    // A file in linked work trees and submodules, a folder elsewhere.
    if (existsSync(join(here, '.git'))) return here
    const above = dirname(here)
    if (above === here) return undefined
    here = above
  }
}
