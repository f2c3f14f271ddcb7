import { isFail } from '../../shared/check/finding.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { setValues } from '../../shared/ops/edit/values.ts'
import { randomBytes } from '../io/random.ts'
import { Refused } from '../refused.ts'
import { sayFindings } from '../render/diagnostics.ts'
import type { Terminal } from '../terminal.ts'
import { applyChange } from './apply.ts'
import { checkNewValues } from './checks.ts'
import type { SealingFlags } from './flags.ts'
import { inFile, type OpenFile } from './open.ts'
import type { Recipient } from './recipients.ts'

export interface NewValues {
  values: ReadonlyMap<string, Uint8Array>
  recipients: readonly Recipient[]
}

/** Checks new values, seals them, and carries the change out as the flags say. */
export async function applyNewValues(
  opened: OpenFile,
  { values, recipients }: NewValues,
  flags: SealingFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { sealed } = opened.target
  const findings = await checkNewValues(opened, sealed, values, flags, signal)
  if (findings.some(isFail)) throw new Refused(findings)
  sayFindings(terminal, findings)
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  const after = await inFile(opened.target, () => setValues(sealed, values, recipients, means))
  await applyChange({ opened, after, recipients }, flags, terminal, signal)
}
