import { quickSeal } from './quick.ts'
import { sealLine } from './seal-line.ts'

/** The bundle that `node.ts` runs for the line that `quick.ts` reads. */
const line = quickSeal(process.argv.slice(2))
if (line)
  sealLine(line).then((code) => {
    process.exitCode = code
  })
