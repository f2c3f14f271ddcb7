import { compareFindings, type Finding, isFail } from '../../shared/check/finding.ts'
import { findDuplicates } from '../../shared/ops/duplicates.ts'
import { verifyRecipients } from '../../shared/ops/verify-keys.ts'
import type { VerifiedStream } from '../../shared/ops/verify-stream.ts'
import { readAllowFlags } from '../allow.ts'
import type { PostOptions } from '../cluster-token.ts'
import { findManifests } from '../io/walk.ts'
import { readPrivateKeys, readPublicKeys } from '../keys.ts'
import { findingsJson, findingsText } from '../render/findings.ts'
import { findingsSarif } from '../render/sarif.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'
import { withAdvice } from './verify/advice.ts'
import { verifyFiles } from './verify/files.ts'
import { pinnedKeys } from './verify/pinned-keys.ts'

export interface VerifyFlags extends PostOptions {
  cluster?: boolean
  seed: string[]
  key?: string[]
  allow?: string[]
  output: 'text' | 'json' | 'sarif'
}

interface Counts {
  files: number
  fail: number
  warn: number
}

/** Checks files, without a cluster unless told to ask one; resolves to the exit code. */
export async function runVerify(
  paths: readonly string[],
  flags: VerifyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now()
  const keys = flags.seed.length > 0 ? await readPrivateKeys(flags.seed, signal) : undefined
  const given = await readPublicKeys(flags.key ?? [], signal)
  const terms = { now: Date.now(), allow: readAllowFlags(flags.allow) }
  const files = findManifests(paths.length > 0 ? paths : ['.'])
  const progress = terminal.progress(files.length, 'files')
  const means = { keys, terms, named: new Set(paths), progress }
  const streams = await verifyFiles(files, means, signal).finally(() => progress.end())
  const pinned = await pinnedKeys(signal)
  const known = [...given.map(({ key }) => key), ...pinned.keys]
  const findings = [
    ...pinned.findings,
    ...streams.flatMap((stream) => stream.findings),
    ...findDuplicates(streams),
    ...(flags.cluster ? await refusedThere(streams, flags, signal) : []),
    ...verifyRecipients(streams, Date.now(), known),
  ]
    .map(withAdvice)
    .sort(compareFindings)
  const checked = streams.filter(({ objects, findings: found }) => objects + found.length > 0).length
  const counts = {
    files: checked,
    fail: findings.filter(isFail).length,
    warn: findings.filter(isWarn).length,
  }
  await terminal.write(asOutput(findings, counts, flags.output, terminal))
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  terminal.note(summary(files.length, counts, seconds))
  return counts.fail > 0 ? 1 : 0
}

/** What opens offline is one thing, what the cluster's own keys open another. */
async function refusedThere(
  streams: readonly VerifiedStream[],
  flags: VerifyFlags,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { askCluster } = await import('./verify/cluster.ts')
  return askCluster(
    streams.flatMap(({ sealed }) => sealed),
    flags,
    signal,
  )
}

const isWarn = ({ severity }: Finding): boolean => severity === 'warn'

function asOutput(
  findings: readonly Finding[],
  counts: Counts,
  output: VerifyFlags['output'],
  { stdout }: Terminal,
): string {
  if (output === 'json') return findingsJson(findings, counts)
  return output === 'sarif' ? findingsSarif(findings) : findingsText(findings, stdout.paint, stdout.isTty)
}

function summary(read: number, { files, fail, warn }: Counts, seconds: string): string {
  if (files === 0) return `no SealedSecret or SealingKey in ${counted(read, 'file')}`
  const found = [fail > 0 ? `${fail} fail` : '', warn > 0 ? `${warn} warn` : ''].filter((part) => part !== '')
  return `${counted(files, 'file')} checked in ${seconds} s: ${found.join(', ') || 'ok'}`
}
