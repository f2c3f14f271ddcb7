import type { Finding } from '../../../shared/check/finding.ts'
import { SealError } from '../../../shared/errors.ts'
import { newestKey, readPublicKeys } from '../../keys.ts'
import { Refused } from '../../refused.ts'
import type { Ruling } from '../../ruling.ts'
import type { SealFlags, UsedKey } from './flags.ts'

/** The keys to seal each input to: those of `-k`, else those that its rule names, else the cluster's. */
export async function chooseKeys(
  rulings: readonly (Ruling | undefined)[],
  flags: SealFlags,
  signal: AbortSignal,
): Promise<UsedKey[][]> {
  if (flags.key.length > 0) {
    const given = (await readPublicKeys(flags.key, signal)).map(({ key, file }) => ({ key, file }))
    return Promise.all(rulings.map((ruling) => (ruling ? checkGiven(given, ruling) : given)))
  }
  const chosen: UsedKey[][] = []
  let cluster: UsedKey[] | undefined
  for (const ruling of rulings) {
    const named = ruling?.rule.recipients ? await namedKeys(ruling, signal) : undefined
    if (!named) cluster ??= await clusterKey(flags, signal)
    chosen.push(named ?? cluster ?? [])
  }
  return chosen
}

async function namedKeys(ruling: Ruling, signal: AbortSignal): Promise<UsedKey[] | undefined> {
  const { recipientKeys } = await import('../../recipients.ts')
  return recipientKeys(ruling, signal)
}

/** There is no flag to seal to others than the rule names: the policy is the place where that is decided and reviewed. */
async function checkGiven(keys: UsedKey[], ruling: Ruling): Promise<UsedKey[]> {
  const { checkRecipients } = await import('../../../shared/policy/check-recipients.ts')
  const ids = keys.map(({ key }) => key.id)
  const findings: Finding[] = checkRecipients(ids, ruling).map(({ code, severity, args }) => ({
    code,
    severity,
    args: { ...args, holder: args.holder || (keys.find(({ key }) => key.id === args.id)?.key.holder ?? '') },
    hint: `Leave \`-k\` out: the recipients are taken from the rule. To seal to others, change ${ruling.file}.`,
  }))
  if (findings.length > 0) throw new Refused(findings)
  return keys
}

async function clusterKey(flags: SealFlags, signal: AbortSignal): Promise<UsedKey[]> {
  const { clusterKeys } = await import('../../cluster.ts')
  const key = newestKey(await clusterKeys(flags, signal), Date.now())
  if (!key) throw new SealError('key-missing', 'the cluster offers no sealing key')
  return [{ key }]
}
