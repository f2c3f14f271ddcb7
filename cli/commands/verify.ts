import { compareFindings, type Finding, isFail } from '../../shared/check/finding.ts'
import type { CheckTerms } from '../../shared/ops/check-notes.ts'
import { verifyRecipients } from '../../shared/ops/verify-keys.ts'
import { type VerifiedStream, verifyStream } from '../../shared/ops/verify-stream.ts'
import { readAllowFlags } from '../allow.ts'
import { readInput } from '../io/read.ts'
import { findManifests } from '../io/walk.ts'
import { readPrivateKeys } from '../keys.ts'
import { findingsOfError } from '../refused.ts'
import { findingsJson, findingsText } from '../render/findings.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'

export interface VerifyFlags {
  seed: string[]
  allow?: string[]
  output: 'text' | 'json'
}

/** Checks files without a cluster; resolves to the exit code. */
export async function runVerify(
  paths: readonly string[],
  flags: VerifyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now()
  const keys = flags.seed.length > 0 ? await readPrivateKeys(flags.seed, signal) : undefined
  const terms = { now: Date.now(), allow: readAllowFlags(flags.allow) }
  const files = findManifests(paths.length > 0 ? paths : ['.'])
  const streams: VerifiedStream[] = []
  for (const file of files) {
    signal.throwIfAborted()
    streams.push(await verifyFile(file, keys, terms, signal, paths.includes(file)))
  }
  const findings = [...streams.flatMap((stream) => stream.findings), ...verifyRecipients(streams, Date.now())]
  findings.sort(compareFindings)
  const checked = streams.filter(({ objects, findings: found }) => objects + found.length > 0).length
  const counts = {
    files: checked,
    fail: findings.filter(isFail).length,
    warn: findings.filter(isWarn).length,
  }
  await terminal.write(
    flags.output === 'json'
      ? findingsJson(findings, counts)
      : findingsText(findings, terminal.stdout.paint, terminal.stdout.isTty),
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  terminal.note(summary(files.length, counts, seconds))
  return counts.fail > 0 ? 1 : 0
}

const isWarn = ({ severity }: Finding): boolean => severity === 'warn'

/** A file that is not text is none of ours when a folder was searched, and a mistake when it was named. */
async function verifyFile(
  file: string,
  keys: Parameters<typeof verifyStream>[2],
  terms: CheckTerms,
  signal: AbortSignal,
  named: boolean,
): Promise<VerifiedStream> {
  try {
    const { name, text } = await readInput(file, signal)
    return await verifyStream(name, text, keys, terms)
  } catch (error) {
    const [finding] = findingsOfError(error) ?? []
    if (named || finding?.code !== 'yaml-syntax') throw error
    return { objects: 0, keys: [], recipients: [], findings: [] }
  }
}

function summary(
  read: number,
  { files, fail, warn }: Record<'files' | 'fail' | 'warn', number>,
  seconds: string,
) {
  if (files === 0) return `no SealedSecret or SealingKey in ${counted(read, 'file')}`
  const found = [fail > 0 ? `${fail} fail` : '', warn > 0 ? `${warn} warn` : ''].filter((part) => part !== '')
  return `${counted(files, 'file')} checked in ${seconds} s: ${found.join(', ') || 'ok'}`
}
