import { runSeal } from './commands/seal.ts'
import type { SealLine } from './quick.ts'
import { run } from './run.ts'

/** Carries out a line that was read without the parser of all flags; gives the exit code. */
export const sealLine = ({ files, flags }: SealLine): Promise<number> =>
  run(async (_settings, go) => {
    await go((terminal, signal) => runSeal(files, flags, terminal, signal))
    return 0
  })
