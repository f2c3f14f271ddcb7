import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { STDIN } from '../../io/read.ts'
import { usage } from '../../refused.ts'
import type { SealFlags } from './flags.ts'

/** Where the output goes: one stream, or a file beside each input. */
export type SealTarget =
  | { kind: 'stdout' }
  | { kind: 'file'; path: string }
  | { kind: 'beside'; paths: string[] }

/** Decides it before anything is read, and refuses to write over what is read. */
export function chooseTargets(paths: readonly string[], flags: SealFlags): SealTarget {
  if (flags.out !== undefined && flags.write) throw usage('--out and --write exclude each other')
  const inputs = [...paths.filter((path) => path !== STDIN), ...flags.key]
  if (flags.out !== undefined) {
    refuseOverwriting(inputs, [flags.out])
    return { kind: 'file', path: flags.out }
  }
  if (!flags.write) return { kind: 'stdout' }
  if (paths.includes(STDIN)) throw usage('--write needs the name of a file to write beside; use --out')
  const beside = paths.map((path) => besideName(path, flags.output))
  refuseOverwriting(inputs, beside)
  const seen = new Set<string>()
  for (const path of beside) {
    if (seen.has(resolve(path))) throw usage(`two of the files would be written to ${path}`)
    seen.add(resolve(path))
  }
  return { kind: 'beside', paths: beside }
}

/** The file that an input is written to. */
export const outputOf = (target: SealTarget, index: number): string | undefined =>
  target.kind === 'stdout' ? undefined : target.kind === 'file' ? target.path : target.paths[index]

/** `db.yaml` → `db.sealed.yaml`; a name without such an end is kept whole. */
export function besideName(path: string, output: SealFlags['output']): string {
  const [, stem = path, extension] = /^(.*[^/])\.(ya?ml|json)$/.exec(path) ?? []
  const kept = output === 'yaml' ? extension !== 'json' : output === undefined
  return `${stem}.sealed.${kept && extension !== undefined ? extension : (output ?? 'yaml')}`
}

function refuseOverwriting(inputs: readonly string[], targets: readonly string[]): void {
  const read = new Set(inputs.flatMap(identitiesOf))
  for (const target of targets)
    if (identitiesOf(target).some((identity) => read.has(identity)))
      throw usage(
        `${target} is an input of this command; it is not written over`,
        'Choose another name for the output.',
      )
}

/** Its path, and what tells links apart from files: the same file under another name. Devices and pipes may be both. */
function identitiesOf(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  return [resolve(path), ...(stats?.isFile() ? [`${stats.dev}:${stats.ino}`] : [])]
}
