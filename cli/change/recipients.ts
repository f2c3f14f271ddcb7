import { SealError } from '../../shared/errors.ts'
import type { PrivateKeys } from '../../shared/format/unseal.ts'
import type { SealingKey } from '../../shared/keys/public.ts'
import { keysOfIds, recipientIds } from '../../shared/ops/edit/recipients.ts'
import { chooseKeys } from '../commands/seal/keys.ts'
import { STDIN } from '../io/read.ts'
import { readPublicKeys } from '../keys.ts'
import { sayFindings } from '../render/diagnostics.ts'
import { rulingFor } from '../ruling.ts'
import { checkSealable } from '../sealable.ts'
import type { Terminal } from '../terminal.ts'
import type { SealingFlags } from './flags.ts'
import { inFile, type OpenFile } from './open.ts'
import type { NamedRecipient } from './words.ts'

/** Whom new values are sealed for. */
export type Recipient = NamedRecipient & { publicKey: Uint8Array }

/**
 * The public keys of all present recipients: from `-k`, the policy, private keys at hand, the cluster, in this order and as
 * far as it takes. An object without values has no recipients: then it is as with `seal`.
 */
export async function newRecipients(
  { target, input }: OpenFile,
  flags: SealingFlags,
  privateKeys: PrivateKeys,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Recipient[]> {
  const ids = await inFile(target, () => recipientIds(target.sealed, flags.recipientsOf))
  const path = input.path ?? STDIN
  if (!ids) {
    const [chosen = []] = await chooseKeys([await rulingFor(path, signal)], flags, signal)
    return checked(
      chosen.map(({ key }) => key),
      flags,
      terminal,
    )
  }
  const known = new Map<string, Recipient>()
  const missing = () => ids.filter((id) => !known.has(id))
  const learn = (keys: readonly Recipient[]) => {
    for (const key of keys) if (!known.has(key.id)) known.set(key.id, key)
  }
  if (flags.key.length > 0) learn((await readPublicKeys(flags.key, signal)).map(({ key }) => key))
  if (missing().length > 0) learn(await policyKeys(path, missing(), signal))
  learn([...privateKeys].map(([id, { publicKey }]) => ({ id, publicKey })))
  if (missing().length > 0 && flags.key.length === 0) learn(await clusterKeysIfAny(flags, signal))
  return checked(await inFile(target, () => keysOfIds(ids, [...known.values()])), flags, terminal)
}

/** The policy pins its recipients' keys by id, whichever rule they stand in. */
async function policyKeys(file: string, ids: readonly string[], signal: AbortSignal): Promise<SealingKey[]> {
  const ruling = await rulingFor(file, signal)
  const recipients = [...(ruling?.loaded.policy.recipients.values() ?? [])].filter(({ id }) =>
    ids.includes(id),
  )
  if (!ruling || recipients.length === 0) return []
  const { recipientKeys } = await import('../recipients.ts')
  const keys = await recipientKeys({ ...ruling, rule: { ...ruling.rule, recipients } }, signal)
  return (keys ?? []).map(({ key, name }) => ({ ...key, holder: name }))
}

async function clusterKeysIfAny(flags: SealingFlags, signal: AbortSignal): Promise<SealingKey[]> {
  const { clusterKeys } = await import('../cluster.ts')
  try {
    return await clusterKeys(flags, signal)
  } catch (error) {
    // No cluster is configured, which is as good as one without the key.
    if (error instanceof SealError && error.code === 'key-missing') return []
    throw error
  }
}

function checked(keys: Recipient[], { allowExpired }: SealingFlags, terminal: Terminal): Recipient[] {
  const dated = keys.flatMap((key) => (isDated(key) ? [{ key }] : []))
  sayFindings(terminal, checkSealable(dated, allowExpired))
  return keys
}

const isDated = (key: Recipient): key is SealingKey => 'notAfter' in key
