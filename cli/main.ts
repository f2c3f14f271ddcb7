#!/usr/bin/env node
import { VERSION } from '../shared/version.ts'
import { standard } from './io/standard.ts'
import { quickSeal } from './quick.ts'

/** The one question that scripts ask again and again is answered before anything else is loaded. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === '--version') {
    standard().stdout.write(`${VERSION}\n`)
    return 0
  }
  const line = quickSeal(args)
  if (line) return (await import('./seal-line.ts')).sealLine(line)
  const [{ run }, { parse }] = await Promise.all([import('./run.ts'), import('./parse.ts')])
  return run((settings, go) => parse(args, settings, go))
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
