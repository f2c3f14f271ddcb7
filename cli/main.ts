#!/usr/bin/env node
import { VERSION } from '../shared/version.ts'
import { standard } from './io/standard.ts'

/** The one question that scripts ask again and again is answered before anything else is loaded. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== '--version') return (await import('./run.ts')).run(args)
  standard().stdout.write(`${VERSION}\n`)
  return 0
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
