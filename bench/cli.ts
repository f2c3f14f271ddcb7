// How long the CLI takes, beside kubeseal and beside a Node that does nothing: whole processes, run in turn.
import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fillFolder, machineNode, machineVersion, makeSite, native, script } from './support/cli-site.ts'
import { cell, cost, print } from './support/figures.ts'
import { KUBESEAL, kubesealProgram, makeCertificate } from './support/kubeseal.ts'
import { type Command, carryOut, median, node24, type Sample, sum } from './support/orders.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    files: { type: 'string', default: '1000' },
    verify: { type: 'string', default: '10000' },
  },
})
const rounds = Number(values.rounds)
const seal = ['seal', '-k', 'prod.key.yaml', 'db.yaml']

execFileSync('node', ['build.mjs'], { stdio: 'inherit' })
execFileSync('node', ['native.mjs'], { stdio: 'inherit' })
const kubeseal = kubesealProgram()
const cwd = makeSite()
try {
  const certificate = makeCertificate(cwd)
  const n20 = `Node ${machineVersion.slice(1)}`
  const n24 = `Node ${process.versions.node}`
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}; kubeseal ${KUBESEAL}`)
  const cold = coldStarts([
    ['kubeseal --version', [kubeseal, '--version']],
    ['kubeseal --cert FILE', [kubeseal, '--cert', certificate, '-f', 'db.yaml']],
    ['native --version', [native, '--version']],
    ['native seal -k FILE', [native, ...seal]],
    [`${n24} -e 0`, [node24, '-e', '0']],
    [`${n24} --version`, [node24, script, '--version']],
    [`${n24} seal -k FILE`, [node24, script, ...seal]],
    [`${n20} -e 0`, [machineNode, '-e', '0']],
    [`${n20} --version`, [machineNode, script, '--version']],
    [`${n20} seal -k FILE`, [machineNode, script, ...seal]],
  ])
  goal('native --version', cold, 'native --version', 'kubeseal --version', 0.8)
  goal('native seal', cold, 'native seal -k FILE', 'kubeseal --cert FILE', 1)
  goal(`${n24} seal`, cold, `${n24} seal -k FILE`, `${n24} -e 0`, 1.8)
  goal(`${n20} seal`, cold, `${n20} seal -k FILE`, `${n20} -e 0`, 2)
  many(certificate, Number(values.files))
  verifyMany(Number(values.verify))
} finally {
  rmSync(cwd, { recursive: true })
}

/** Runs each in turn, and prints the median and the least of its times. */
function coldStarts(table: readonly (readonly [string, readonly string[]])[]): Map<string, Sample[]> {
  const samples = carryOut({ rounds, commands: table.map(([, argv]) => ({ argv, cwd })) })
  console.log(
    `\n${'cold start, ms'.padEnd(28)}    CPU   least      wall   least     MiB   (${rounds} rounds)`,
  )
  table.forEach(([name], i) => {
    const of = (field: keyof Sample) => (samples[i] ?? []).map((sample) => sample[field])
    const times = (['cpu', 'wall'] as const).map(
      (field) => `${cell(median(of(field)))}${cell(Math.min(...of(field)))}`,
    )
    console.log(`${name.padEnd(26)}${times.join('  ')}${cell(Math.max(...of('memory')), 0)}`)
  })
  console.log('')
  return new Map(table.map(([name], i) => [name, samples[i] ?? []]))
}

/** CPU time of the whole process, user and system: what other work on the machine disturbs least. */
function goal(what: string, cold: Map<string, Sample[]>, ours: string, theirs: string, most: number): void {
  const [mine, other] = [ours, theirs].map((name) => median((cold.get(name) ?? []).map(({ cpu }) => cpu)))
  const ratio = (mine ?? 0) / (other ?? 0)
  print(what, `${ratio.toFixed(2)} × ${theirs}`, ratio <= most, `at most ${most}`)
}

/** One call for all files, beside a call of kubeseal for each. */
function many(certificate: string, count: number): void {
  const folder = join(cwd, 'many')
  const files = fillFolder(folder, count)
  const theirs = carryOut({
    rounds: 1,
    commands: files.map(
      (file): Command => ({ argv: [kubeseal, '--cert', certificate, '-f', file], cwd: folder }),
    ),
  }).flat()
  const seconds = sum(theirs.map(({ wall }) => wall)) / 1000
  console.log(`\n${count} files: kubeseal, ${count} calls: ${seconds.toFixed(2)} s`)
  for (const [i, [name, program]] of programs().entries()) {
    const argv = [...program, 'seal', '-q', '-k', join(cwd, 'prod.key.yaml'), '--write', ...files]
    // A folder for each: to write over the files of the one before is another thing than to write new ones.
    const ours = join(cwd, `many-${i}`)
    fillFolder(ours, count)
    const [own] = carryOut({ rounds: 1, commands: [{ argv, cwd: ours }] }).flat()
    if (!own) throw new Error('no sample')
    const times = (seconds * 1000) / own.wall
    print(`${name}, one call`, `${cost(own)}; ${times.toFixed(1)} × faster`, times >= 20, 'at least 20')
  }
}

function verifyMany(count: number): void {
  const [folder, target] = [join(cwd, 'plain'), join(cwd, 'sealed')]
  const files = fillFolder(folder, count)
  execFileSync(native, ['seal', '-q', '-k', join(cwd, 'prod.key.yaml'), '--write', ...files], { cwd: folder })
  mkdirSync(target)
  for (const file of files) {
    const name = file.replace('.yaml', '.sealed.yaml')
    renameSync(join(folder, name), join(target, name))
  }
  console.log(`\nverify of ${count} files`)
  for (const [name, program] of programs()) {
    const [own] = carryOut({
      rounds: 1,
      commands: [{ argv: [...program, 'verify', '.'], cwd: target }],
    }).flat()
    if (own) print(name, cost(own), own.wall < 5000, 'under 5 s')
  }
}

function programs(): [string, string[]][] {
  return [
    ['native', [native]],
    [`Node ${process.versions.node}`, [node24, script]],
    [`Node ${machineVersion.slice(1)}`, [machineNode, script]],
  ]
}
