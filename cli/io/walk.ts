import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { STDIN } from './read.ts'

const MANIFEST = /\.(ya?ml|json)$/
const SKIPPED = new Set(['.git', 'node_modules'])

/** Files as they are named, and the manifests below folders, in order of their names. Links to folders are not followed. */
export function findManifests(paths: readonly string[]): string[] {
  const found = new Set<string>()
  for (const path of paths) for (const file of manifestsAt(path)) found.add(file)
  return [...found]
}

function* manifestsAt(path: string): Generator<string> {
  if (path !== STDIN && statSync(path, { throwIfNoEntry: false })?.isDirectory()) yield* walk(path)
  else yield path
}

function* walk(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const path = folder === '.' ? entry.name : join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* walk(path)
    } else if (MANIFEST.test(entry.name) && isFile(entry, path)) yield path
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SealError('file-read', `cannot be listed (${code})`, { where: { file: folder } })
  }
}

const isFile = (entry: { isFile(): boolean; isSymbolicLink(): boolean }, path: string): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true)
