import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Import {
  from: string
  /** A file of the project, `node:…`, `#…` or a package. */
  to: string
  /** By `import()`: loaded only when it is used. */
  lazy: boolean
}

const STATIC = /^\s*(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s*)?['"]([^'"]+)['"]/gm
const TYPE_ONLY = /^\s*(?:import|export)\s+type\s[^'"]*?\sfrom\s*['"]([^'"]+)['"]/gm
const LAZY = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** Every import of the source under `folders`, types too: an arrow is an arrow. */
export function readImports(root: string, folders: readonly string[]): Import[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
}

export function importsOf(file: string, text: string): Import[] {
  const find = (pattern: RegExp, lazy: boolean) =>
    [...text.matchAll(pattern)].map(([, to = '']) => ({ from: file, to: resolve(file, to), lazy }))
  return [...find(STATIC, false), ...find(TYPE_ONLY, false), ...find(LAZY, true)]
}

function resolve(from: string, to: string): string {
  if (to.startsWith('.')) return normalize(join(dirname(from), to))
  const [scope = '', name = ''] = to.split('/')
  return to.startsWith('node:') || to.startsWith('#')
    ? to
    : scope.startsWith('@')
      ? `${scope}/${name}`
      : scope
}
