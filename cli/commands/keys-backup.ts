import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { SealError } from '../../shared/errors.ts'
import { archiveText } from '../../shared/keys/backup/archive.ts'
import type { KnownKey } from '../../shared/keys/backup/facts.ts'
import { type Locks, sealBackup } from '../../shared/keys/backup/seal.ts'
import { rfc3339 } from '../../shared/keys/dates.ts'
import { shortId } from '../../shared/keys/id.ts'
import { type ClusterOptions, clusterError, connectOnly } from '../cluster.ts'
import { randomBytes } from '../io/random.ts'
import { refuseTwoInputs } from '../io/read.ts'
import { stretch } from '../io/scrypt.ts'
import { refuseExisting, writePrivate } from '../io/write.ts'
import { keyRow, keysInCluster } from '../kept-keys.ts'
import { readPublicKeys } from '../keys.ts'
import { newPassphrase, type PassphraseFlags } from '../passphrase.ts'
import { columns } from '../render/table.ts'
import { counted } from '../render/text.ts'
import { checkSealable } from '../sealable.ts'
import type { Terminal } from '../terminal.ts'
import { sayAny } from './seal/say.ts'

export interface BackupFlags extends ClusterOptions, PassphraseFlags {
  out: string
  /** Files of public keys. */
  key: readonly string[]
  /** Write over what is there. */
  force?: boolean
  /** Although only a provider opens them. */
  allowWrapped?: boolean
}

/** All private keys of a cluster, as one file that only a passphrase or a recipient's private key opens. */
export async function runKeysBackup(
  flags: BackupFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  refuseTwoInputs([flags.passphraseFile, ...flags.key])
  if (!flags.force) refuseExisting(flags.out)
  const placed = await readPublicKeys(flags.key, signal)
  // The date says when to seal to a newer key. A recovery key past it opens as well as ever.
  await sayAny(terminal, checkSealable(placed, true))
  const recipients = placed.map(({ key }) => key)
  const { keys, strangers } = await fetchKeys(flags, signal)
  checkWrapped(keys, flags, terminal)
  checkCircle(keys, recipients, flags)
  warnMalformed(keys, strangers, terminal)
  const locks: Locks = {
    recipients,
    ...((recipients.length === 0 || flags.passphraseFile !== undefined) && {
      passphrase: await newPassphrase(flags, signal),
    }),
  }
  const archive = await sealBackup(
    { namespace: flags.controllerNamespace, secrets: keys.map(({ secret }) => secret) },
    locks,
    { kem: await chooseKem(), stretch, random: randomBytes, created: rfc3339(Date.now()) },
  )
  writePrivate(flags.out, archiveText(archive), flags.force === true)
  const opens = [
    ...(locks.passphrase === undefined ? [] : ['the passphrase']),
    ...recipients.map(({ holder, id }) => `${holder} (${shortId(id)})`),
  ]
  terminal.say(
    'made',
    `${flags.out}   ${counted(keys.length, 'key')} of ${flags.controllerNamespace} · opened by ${opens.join(' or ')}`,
    columns(keys.map((key) => keyRow(key))),
  )
  terminal.say(
    'hint',
    'keep it away from the cluster, and try it: `waxwing keys restore --list` needs no cluster',
  )
}

async function fetchKeys(flags: BackupFlags, signal: AbortSignal) {
  const kube = await connectOnly(flags, 'Give a kubeconfig.')
  try {
    const found = await keysInCluster(kube, flags.controllerNamespace, signal)
    if (found.keys.length > 0) return found
    throw new SealError('key-missing', `there are no sealing keys in ${flags.controllerNamespace}`, {
      hint: 'Check --context and --controller-namespace.',
    })
  } catch (error) {
    throw signal.aborted ? signal.reason : clusterError(error)
  } finally {
    kube.close()
  }
}

function checkWrapped(keys: readonly KnownKey[], { allowWrapped }: BackupFlags, terminal: Terminal): void {
  for (const { secret, facts } of keys) {
    if (facts.form !== 'wrapped') continue
    const words = `${secret.name}: its seed is wrapped by ${facts.by}, and nobody else opens it`
    if (!allowWrapped) throw new SealError('backup-wrapped', words)
    terminal.say('warn', `${words}: keep that as well`)
  }
}

/** A key that is lost with the cluster opens nothing that is to bring it back. */
function checkCircle(
  keys: readonly KnownKey[],
  recipients: readonly { id: string }[],
  { passphraseFile }: BackupFlags,
): void {
  const own = new Set(keys.map(({ facts }) => facts.id))
  if (passphraseFile !== undefined || recipients.length === 0) return
  if (recipients.every(({ id }) => own.has(id)))
    throw new SealError('backup-circle', 'every recipient is a key of this cluster itself')
}

function warnMalformed(keys: readonly KnownKey[], strangers: readonly string[], terminal: Terminal): void {
  for (const { secret, facts } of keys)
    if (facts.form === 'malformed')
      terminal.say('warn', `${secret.name} is no key that opens anything; it is kept as it is`)
  for (const name of strangers)
    terminal.say('warn', `${name} has the label of a key and not its type; it is left out`)
}
