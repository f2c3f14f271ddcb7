import type { KeyAge } from '../../shared/keys/dates.ts'
import { shortId } from '../../shared/keys/id.ts'
import type { ValueAge } from '../../shared/ops/ages.ts'
import type { DescribedRecipient, Description } from '../../shared/ops/describe.ts'
import { type Paint, printable } from './paint.ts'
import { columns } from './table.ts'

/** A SealedSecret, with what its surroundings say of it. */
export interface Described extends Omit<Description, 'recipients'> {
  recipients: (DescribedRecipient & { name?: string; state?: KeyAge })[]
  /** Absent for one that is in the cluster alone. */
  file?: string
  line?: number
  policy?: { file: string; line: number; match: readonly string[] }
  cluster?: {
    ready: 'True' | 'False' | 'Unknown' | 'absent'
    reason?: string
    since?: string
    context?: string
  }
}

export const describeJson = (described: readonly Described[]): string =>
  `${JSON.stringify({ version: 1, objects: described }, null, 2)}\n`

const LABEL = 13

/** As `kubectl describe` lays it out. */
export function describeText(one: Described, paint: Paint): string {
  const { name, namespace, scope, type = 'Opaque', immutable } = one
  const head = [`${name || '-'}`, `Namespace: ${namespace || '-'}`, `Scope: ${scope}`]
  return [
    section('Name', [head.join('   ')], paint),
    section('Type', [immutable ? `${type}, immutable` : type], paint),
    section('Values', columns(one.values.map((value) => valueCells(value, paint))), paint),
    section('Recipients', columns(one.recipients.map(recipientCells)), paint),
    section('Template', templateLines(one), paint),
    section('Policy', one.policy ? [policyText(one.policy)] : [], paint),
    section('Cluster', one.cluster ? [clusterText(one.cluster)] : [], paint),
    section('File', one.file === undefined ? [] : [`${one.file}:${one.line}`], paint),
  ].join('')
}

function section(label: string, lines: readonly string[], paint: Paint): string {
  return lines
    .map((line, i) => {
      const head = i === 0 ? `${label}:` : ''
      return `${paint('bold', head)}${' '.repeat(LABEL - head.length)}${line}\n`
    })
    .join('')
}

function valueCells({ key, sealedAt, limit, state }: ValueAge, paint: Paint): string[] {
  const sealed = sealedAt === undefined ? 'age not known' : `sealed ${sealedAt.slice(0, 10)}`
  const words = `! ${sealedAt === undefined ? 'the policy allows' : "older than the policy's"} ${limit} days`
  return [printable(key), printable(sealed), state === 'due' ? paint('yellow', words) : '']
}

const STATES: Record<KeyAge, string> = {
  current: 'current',
  stale: 'stale: a newer key should be used',
  expired: 'expired',
  'not-yet': 'dated in the future',
  retired: 'retired',
}

function recipientCells({ id, name = '-', state, values }: Described['recipients'][number]): string[] {
  const opens = values === undefined ? '' : `opens ${values.join(', ') || 'nothing'}`
  const words = [state === undefined ? '' : STATES[state], opens].filter((part) => part !== '').join('; ')
  return [printable(name), name === '-' ? printable(id) : shortId(printable(id)), printable(words)]
}

function templateLines({ labels, annotations, data }: Described): string[] {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return [
    ...(pairs.length > 0 ? [`labels ${pairs.join(', ')}`] : []),
    ...(annotations.length > 0 ? [`annotations ${annotations.join(', ')}`] : []),
    ...data.map(({ key, uses }) =>
      uses.length > 0 ? `data ${key} (uses ${uses.map((value) => `.${value}`).join(' ')})` : `data ${key}`,
    ),
  ].map(printable)
}

const policyText = ({ file, line, match }: NonNullable<Described['policy']>): string =>
  printable(`${file}:${line} ${match.join(', ')}`)

function clusterText({ ready, reason, since, context }: NonNullable<Described['cluster']>): string {
  const words = {
    True: 'Ready',
    False: 'not Ready',
    Unknown: 'not looked at by a controller',
    absent: 'not there',
  }
  const why = ready === 'False' && reason !== undefined ? `: ${reason}` : ''
  const when = since === undefined ? '' : ` since ${since.slice(0, 10)}`
  return printable(`${words[ready]}${why}${when}${context === undefined ? '' : ` (context ${context})`}`)
}
