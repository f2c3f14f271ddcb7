// Runs commands one after the other, round by round, and says what each cost: Bun's spawnSync gives what wait4 says of a
// child. Run by the Bun of test/runtimes: the orders as JSON on stdin, the samples as JSON on stdout.
import type { Order, Sample } from './orders.ts'

declare const Bun: {
  spawnSync(
    argv: readonly string[],
    options: object,
  ): {
    exitCode: number
    stderr: Uint8Array
    resourceUsage: { cpuTime: { total: bigint | number }; maxRSS: number }
  }
}

const { rounds, commands }: Order = JSON.parse(await new Response(process.stdin as never).text())
const samples: Sample[][] = commands.map(() => [])
// Certificates that are named here Node 20 reads at each start, which then is most of what anything takes.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
// The first round fills the caches and is left out, unless there is only one.
const first = rounds > 1 ? -1 : 0
for (let round = first; round < rounds; round += 1)
  for (const [i, { argv, cwd }] of commands.entries()) {
    const start = performance.now()
    const child = Bun.spawnSync(argv, { cwd, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
    const wall = performance.now() - start
    if (child.exitCode !== 0)
      throw new Error(`${argv.join(' ').slice(0, 200)}: exit ${child.exitCode}: ${Buffer.from(child.stderr)}`)
    const { cpuTime, maxRSS } = child.resourceUsage
    if (round >= 0) samples[i]?.push({ wall, cpu: Number(cpuTime.total) / 1000, memory: maxRSS / 2 ** 20 })
  }
process.stdout.write(JSON.stringify(samples))
