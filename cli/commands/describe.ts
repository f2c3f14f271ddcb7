import { existsSync } from 'node:fs'
import { isFail } from '../../shared/check/finding.ts'
import { SealError } from '../../shared/errors.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { describeSealed } from '../../shared/ops/describe.ts'
import { readSealedStream } from '../../shared/ops/sealed-stream.ts'
import { type ClusterOptions, contextNamespace } from '../cluster.ts'
import { readInput, STDIN } from '../io/read.ts'
import { readPublicKeys } from '../keys.ts'
import { knownKeys } from '../known-keys.ts'
import { limitsOf } from '../limits.ts'
import { Refused } from '../refused.ts'
import { type Described, describeJson, describeText } from '../render/describe.ts'
import { rulingFor } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'

export interface DescribeFlags extends ClusterOptions {
  key: string[]
  namespace?: string
  cluster?: boolean
  output: 'text' | 'json'
}

/** Shows SealedSecrets without opening them: those of a file, or one of the cluster. */
export async function runDescribe(
  what: string,
  flags: DescribeFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const keys = (await readPublicKeys(flags.key, signal)).map(({ key }) => key)
  const isFile = what === STDIN || existsSync(what) || /[/\\].*[/\\]|^\.|\.(ya?ml|json)$/.test(what)
  const found = isFile ? await inFile(what, flags, signal) : await inCluster(what, flags, signal)
  const ruling = isFile ? await rulingFor(what, signal) : undefined
  const limits = await limitsOf(ruling)
  const known = knownKeys(ruling, keys)
  const described = found.map(({ sealed, ...more }): Described => {
    const { recipients, ...rest } = describeSealed(sealed, limits, Date.now())
    const named = recipients.map((recipient) => ({ ...recipient, ...known.get(recipient.id) }))
    const policy = ruling && { file: ruling.file, line: ruling.rule.line, match: ruling.rule.match }
    return { ...rest, recipients: named, ...(policy ? { policy } : {}), ...more }
  })
  await terminal.write(
    flags.output === 'json'
      ? describeJson(described)
      : described.map((one) => describeText(one, terminal.stdout.paint)).join('\n'),
  )
}

type Found = { sealed: SealedSecret } & Pick<Described, 'file' | 'line' | 'cluster'>

async function inFile(what: string, flags: DescribeFlags, signal: AbortSignal): Promise<Found[]> {
  const { name, text } = await readInput(what, signal)
  const { sealed: all, findings } = readSealedStream(name, text)
  if (findings.some(isFail)) throw new Refused(findings)
  if (all.length === 0) throw new SealError('sealed-kind', 'holds no SealedSecret', { where: { file: name } })
  const found = all.map(({ sealed, file, line }) => ({ sealed, file, line }))
  if (!flags.cluster && !flags.context && !flags.kubeconfig) return found
  const { objectsInCluster } = await import('../cluster-status.ts')
  const own = flags.namespace ?? (await contextNamespace(flags)) ?? 'default'
  const ids = found.map(({ sealed }) => ({ name: sealed.name, namespace: sealed.namespace || own }))
  const objects = await objectsInCluster(ids, flags, signal)
  return found.map((one, i) => ({ ...one, cluster: clusterOf(objects[i]?.status, flags) }))
}

async function inCluster(what: string, flags: DescribeFlags, signal: AbortSignal): Promise<Found[]> {
  const [name = '', stated] = what.split('/').reverse()
  const namespace = stated ?? flags.namespace ?? (await contextNamespace(flags)) ?? 'default'
  const { objectsInCluster, sealedOf } = await import('../cluster-status.ts')
  const [found] = await objectsInCluster([{ name, namespace }], flags, signal)
  if (!found)
    throw new SealError('cluster', `there is no file and no SealedSecret ${namespace}/${name}`, {
      hint: 'Give the name of a file, or of a SealedSecret in the cluster with -n and --context.',
    })
  const sealed = sealedOf(found.object, `${namespace}/${name}`)
  return [{ sealed, cluster: clusterOf(found.status, flags) }]
}

const clusterOf = (
  status: Described['cluster'],
  { context }: DescribeFlags,
): NonNullable<Described['cluster']> => ({
  ...(status ?? { ready: 'absent' as const }),
  ...(context === undefined ? {} : { context }),
})
