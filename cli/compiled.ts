import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { VERSION } from '../shared/version.ts'

/** Before the code, a multiple of what V8 aligns it to: the state of the source that it was made of. */
const HEAD_BYTES = 64

/**
 * Runs a CommonJS file from what V8 made of it the last time that it served this `use`. Node's own cache of that kind, which
 * Node 20 has not, keeps only what is compiled while a file is loaded; the functions that a command then calls are most of
 * the work.
 */
export function loadPart(file: string, use: string, require: (name: string) => unknown): unknown {
  const source = readFileSync(file, 'latin1')
  const path = FOLDER && join(FOLDER, [basename(file), ...(use ? [use] : []), RUNTIME].join('-'))
  const { size, mtimeMs } = statSync(file)
  const head = Buffer.from(`${VERSION} ${size} ${mtimeMs}`.padEnd(HEAD_BYTES).slice(0, HEAD_BYTES))
  const cachedData = path ? read(path, head) : undefined
  const script = new Script(`(function(exports,require,module){${source.replace(/^#!/, '//')}\n})`, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  })
  // At the end, for only then it is known which functions a command calls.
  if (path && (!cachedData || script.cachedDataRejected))
    process.once('exit', (code) => {
      if (code === 0) keep(path, head, script)
    })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, require, module)
  return module.exports
}

const RUNTIME = `${process.version}-${process.arch}`
const FOLDER = cacheFolder()

/** Below the user's own cache; a folder of all users would not do, for what is in it is run. */
function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME, HOME, NODE_DISABLE_COMPILE_CACHE } = process.env
  const cache = XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : undefined)
  return cache?.startsWith('/') && !NODE_DISABLE_COMPILE_CACHE ? `${cache}/waxwing/compiled` : undefined
}

/** undefined where it is of another source, or somebody else could have put it there. */
function read(path: string, head: Buffer): Buffer | undefined {
  try {
    if (!isOurs(dirname(path))) return undefined
    const kept = readFileSync(path)
    return kept.subarray(0, HEAD_BYTES).equals(head) ? kept.subarray(HEAD_BYTES) : undefined
  } catch {
    return undefined
  }
}

function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder)
  return uid === process.getuid?.() && (mode & 0o022) === 0
}

/** Whole or not at all, since others may be starting; that it cannot be kept is no fault. */
function keep(path: string, head: Buffer, script: Script): void {
  const temporary = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (!isOurs(dirname(path))) return
    writeFileSync(temporary, Buffer.concat([head, script.createCachedData()]), { flag: 'wx', mode: 0o600 })
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, { force: true })
  }
}
