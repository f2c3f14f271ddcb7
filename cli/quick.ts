import type { SealFlags } from './commands/seal/flags.ts'
import { CONTROLLER } from './defaults.ts'

export interface SealLine {
  files: string[]
  flags: SealFlags
}

/**
 * `seal -k KEY FILE`, with or without `--write`: the line that people and scripts run all day, read without the parser of
 * all flags, which takes as long to load as the sealing. undefined for every other line.
 */
export function quickSeal(args: readonly string[]): SealLine | undefined {
  const [command, ...rest] = args
  if (command !== 'seal') return undefined
  const files: string[] = []
  const flags: SealFlags = { key: [], ...CONTROLLER }
  const words = rest.values()
  for (const word of words) {
    if (word === '-k' || word === '--key') {
      const { value = '' } = words.next()
      if (value === '' || value.startsWith('-')) return undefined
      flags.key.push(value)
    } else if (word === '--write') flags.write = true
    else if (word === '' || (word.startsWith('-') && word !== '-')) return undefined
    else files.push(word)
  }
  return flags.key.length > 0 ? { files, flags } : undefined
}
