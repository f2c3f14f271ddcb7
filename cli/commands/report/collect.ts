import { setImmediate } from 'node:timers/promises'
import type { Finding } from '../../../shared/check/finding.ts'
import { readSealedStream, type SealedAt } from '../../../shared/ops/sealed-stream.ts'
import { GROUP } from '../../../shared/ops/verify-stream.ts'
import { readInput } from '../../io/read.ts'
import { readIfHolds } from '../../io/read-if.ts'
import { findManifests } from '../../io/walk.ts'
import type { Terminal } from '../../terminal.ts'

export interface Collected {
  files: number
  sealed: SealedAt[]
  findings: Finding[]
}

const SLICE = 64

/** Every SealedSecret in files and folders, in their order. */
export async function collectSealed(
  paths: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Collected> {
  const files = findManifests(paths.length > 0 ? paths : ['.'])
  const collected: Collected = { files: files.length, sealed: [], findings: [] }
  const progress = terminal.progress(files.length, 'files')
  try {
    for (const [i, file] of files.entries()) {
      const read = await readFile(file, paths.includes(file), signal)
      if (read) {
        const { sealed, findings } = readSealedStream(read.name, read.text)
        collected.sealed.push(...sealed)
        collected.findings.push(...findings)
      }
      if (i % SLICE < SLICE - 1) continue
      progress.at(i + 1)
      await setImmediate()
      signal.throwIfAborted()
    }
  } finally {
    progress.end()
  }
  return collected
}

async function readFile(file: string, named: boolean, signal: AbortSignal) {
  if (named) return readInput(file, signal)
  const text = readIfHolds(file, GROUP)
  return text === undefined ? undefined : { name: file, text }
}
