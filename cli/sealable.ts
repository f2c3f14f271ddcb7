import { type Finding, isFail } from '../shared/check/finding.ts'
import { keyAgeFindings } from '../shared/check/key-age.ts'
import type { SealingKey } from '../shared/keys/public.ts'
import { Refused } from './refused.ts'

/** A key, and the file it came from if it came from one. */
export interface KeyOfFile {
  key: SealingKey
  file?: string
}

/**
 * What is to be said of keys before anything is sealed to them. Throws for one that is retired, and for one that is long past
 * its date unless that is allowed: whatever seals comes by here.
 */
export function checkSealable(keys: readonly KeyOfFile[], allowExpired = false): Finding[] {
  const once = new Map(keys.map((one) => [one.key.id, one]))
  const findings = [...once.values()].flatMap(({ key, file }) => keyAgeFindings(key, Date.now(), file))
  const allowed = ({ code }: Finding) => allowExpired && code === 'key-expired'
  if (findings.some((finding) => isFail(finding) && !allowed(finding))) throw new Refused(findings)
  return findings.map((finding) => ({ ...finding, severity: 'warn' }))
}
