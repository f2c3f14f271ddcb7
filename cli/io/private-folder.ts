import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that nobody else can look into, for what must not outlive the command. */
export interface PrivateFolder {
  path: string
  /** In memory, so that what was in it does not linger on a disk. */
  inMemory: boolean
  /** Overwrites and removes everything in it; whatever ends the process does so as well. */
  wipe(): void
}

const SIGNALS = { SIGHUP: 1, SIGTERM: 15, SIGQUIT: 3 } as const

export function openPrivateFolder(env: NodeJS.ProcessEnv = process.env): PrivateFolder {
  const { path, inMemory } = makeFolder(env)
  const wipe = () => {
    process.off('exit', wipe)
    for (const [signal, stop] of stops) process.off(signal, stop)
    wipeFolder(path)
  }
  // SIGINT is the entry's: it ends what waits, and the command wipes on its way out.
  const stops = Object.entries(SIGNALS).map(
    ([signal, number]) => [signal, () => process.exit(128 + number)] as const,
  )
  for (const [signal, stop] of stops) process.on(signal, stop)
  process.on('exit', wipe)
  return { path, inMemory, wipe }
}

function makeFolder(env: NodeJS.ProcessEnv): { path: string; inMemory: boolean } {
  for (const parent of [env.XDG_RUNTIME_DIR, '/dev/shm']) {
    if (!parent) continue
    try {
      return { path: privateFolderIn(parent), inMemory: true }
    } catch {
      // Not on this machine, or not for this user.
    }
  }
  return { path: privateFolderIn(tmpdir()), inMemory: false }
}

/** mkdtemp makes it 0700, whatever the umask takes away. */
function privateFolderIn(parent: string): string {
  const path = mkdtempSync(join(parent, 'waxwing-'))
  chmodSync(path, 0o700)
  return path
}

/** Editors leave copies beside the file: all of them go. */
function wipeFolder(path: string): void {
  for (const name of listed(path)) {
    const file = join(path, name)
    if (statSync(file, { throwIfNoEntry: false })?.isFile()) overwrite(file)
  }
  rmSync(path, { recursive: true, force: true })
}

function listed(path: string): string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
}

function overwrite(path: string): void {
  try {
    chmodSync(path, 0o600)
    const file = openSync(path, 'r+')
    try {
      const zeros = Buffer.alloc(statSync(path).size)
      for (let at = 0; at < zeros.length; ) at += writeSync(file, zeros, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch {
    // It is removed all the same.
  }
}
