import type { Finding } from '../shared/check/finding.ts'
import { isFail } from '../shared/check/finding.ts'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import { shortId } from '../shared/keys/id.ts'
import type { SealingKey } from '../shared/keys/public.ts'
import { readKeyStream } from '../shared/ops/key-stream.ts'
import type { PolicyRecipient, Rule } from '../shared/policy/types.ts'
import type { LoadedPolicy } from './policy.ts'
import { Refused } from './refused.ts'
import { readNamed, shownPath } from './ruling.ts'

/** A key of the policy: its pinned id is what counts, its name there is how it is called. */
export interface RecipientKey {
  key: SealingKey
  name: string
  file: string
}

/** The keys of a rule's recipients, or undefined where it names none. What is not pinned is refused. */
export async function recipientKeys(
  { rule, loaded }: { rule: Pick<Rule, 'recipients'>; loaded: LoadedPolicy },
  signal: AbortSignal,
): Promise<RecipientKey[] | undefined> {
  if (!rule.recipients) return undefined
  const pinned = new Set([...loaded.policy.recipients.values()].map(({ id }) => id))
  const findings: Finding[] = []
  const keys: RecipientKey[] = []
  for (const recipient of rule.recipients) {
    const file = shownPath(recipient.file, loaded)
    const where = { file: loaded.path, line: recipient.line }
    const text = await readNamed(`key file ${file} of ${recipient.name}`, file, where, signal)
    const stream = await readKeyStream(file, text, chooseKem)
    findings.push(...stream.findings, ...stream.seeds.map(privateKey))
    const found = stream.keys.find(({ key }) => key.id === recipient.id)
    if (found) keys.push({ key: found.key, name: recipient.name, file })
    else if (stream.keys.length > 0)
      findings.push(
        notPinned(
          recipient,
          stream.keys.map(({ key }) => key),
          file,
          where,
        ),
      )
    if (found)
      for (const { key, line } of stream.keys)
        if (!pinned.has(key.id)) findings.push(stranger(key, { file, line }, loaded.path))
  }
  if (findings.some(isFail)) throw new Refused(findings)
  return keys
}

const privateKey = ({ file, line }: { file: string; line: number }): Finding => ({
  code: 'key-private',
  severity: 'fail',
  file,
  line,
  args: { reason: 'is a private key, and values are sealed to public ones' },
})

const notPinned = (
  { name, id }: PolicyRecipient,
  keys: readonly SealingKey[],
  file: string,
  where: Required<Pick<Finding, 'file' | 'line'>>,
): Finding => ({
  code: 'key-pinned',
  severity: 'fail',
  ...where,
  args: {
    reason: `${name} is pinned to ${shortId(id)}, but ${file} holds ${keys.map((key) => shortId(key.id)).join(', ')}`,
  },
  hint: 'If `waxwing keys fetch --update` was cut off, run it again: it ends what it began. Else check where the key comes from; change the pin only if the new id was confirmed another way.',
})

const stranger = (
  { id }: SealingKey,
  where: Required<Pick<Finding, 'file' | 'line'>>,
  policy: string,
): Finding => ({
  code: 'key-pinned',
  severity: 'fail',
  ...where,
  args: { reason: `${shortId(id)} is pinned by no recipient of ${policy}` },
})
