// How much CPU it takes to open one SealedSecret of three values, and how much of that is X-Wing: with the ML-KEM of Node
// 24, and with that in JavaScript on the Node of the machine (20, where nothing is changed).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { machineNode, machineVersion } from './support/cli-site.ts'
import { print } from './support/figures.ts'
import { node24 } from './support/orders.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '5000' } } })
const MOST_MS = 0.15

const folder = mkdtempSync(join(tmpdir(), 'waxwing-bench-'))
try {
  const program = await bundled()
  const native = opened(node24, program)
  const portable = opened(machineNode, program)
  const words = ({ kem, ms, kemMs }: Opened) =>
    `${ms.toFixed(3)} ms of CPU an object; X-Wing, ${kem}: ${kemMs.toFixed(3)}`
  print(`Node ${process.versions.node}`, words(native), native.ms <= MOST_MS, `at most ${MOST_MS} ms`)
  const times = `${(portable.ms / native.ms).toFixed(1)} × Node ${process.versions.node}`
  console.log(`${`Node ${machineVersion.slice(1)}`.padEnd(26)}${words(portable)}; ${times}`)
} finally {
  rmSync(folder, { recursive: true })
}

interface Opened {
  /** Which ML-KEM. */
  kem: string
  ms: number
  /** X-Wing's decapsulation alone. */
  kemMs: number
}

/** One file, since only Node 24 runs the sources. */
async function bundled(): Promise<string> {
  const outfile = join(folder, 'open-loop.mjs')
  const entry = join(import.meta.dirname, 'support/open-loop.ts')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // CommonJS dependencies call `require` for Node's own modules, and an ES module has none.
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
    },
  })
  return outfile
}

function opened(node: string, program: string): Opened {
  return JSON.parse(execFileSync(node, [program, values.count], { encoding: 'utf8' }))
}
