import type { Finding } from '../../../shared/check/finding.ts'
import type { SealingKey } from '../../../shared/keys/public.ts'
import { type LoadedPolicy, loadedPolicies } from '../../policy.ts'
import { recipientKeys } from '../../recipients.ts'
import { findingsOfError } from '../../refused.ts'

export interface PinnedKeys {
  keys: SealingKey[]
  /** Warnings: what is sealed is none the worse for a key file that is gone, but nobody can seal any more. */
  findings: Finding[]
}

/** The keys that the policies in use pin: their dates tell which recipients are old. */
export async function pinnedKeys(signal: AbortSignal): Promise<PinnedKeys> {
  const pinned: PinnedKeys = { keys: [], findings: [] }
  for (const loaded of await loadedPolicies())
    for (const recipient of loaded.policy.recipients.values())
      try {
        const found = await recipientKeys({ rule: { recipients: [recipient] }, loaded }, signal)
        pinned.keys.push(...(found ?? []).map(({ key }) => key))
      } catch (error) {
        pinned.findings.push(...warningsOf(error, recipient.line, loaded))
      }
  return pinned
}

function warningsOf(error: unknown, line: number, { path }: LoadedPolicy): Finding[] {
  const findings = findingsOfError(error)
  if (!findings) throw error
  return findings.map((finding) => ({ file: path, line, ...finding, severity: 'warn' }))
}
