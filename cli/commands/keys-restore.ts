import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { type KnownKey, knownKey } from '../../shared/keys/backup/facts.ts'
import { type ClusterOptions, clusterError, connectOnly } from '../cluster.ts'
import { keyRow } from '../kept-keys.ts'
import { usage } from '../refused.ts'
import { table } from '../render/table.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'
import { type ApplyFlags, restoreInto } from './restore/apply.ts'
import { type OpenFlags, openBackup } from './restore/open.ts'

export interface RestoreFlags extends ClusterOptions, OpenFlags, ApplyFlags {
  /** Only say what is in it. */
  list?: boolean
  output: 'text' | 'json'
}

/** Brings the keys of a backup into a cluster. What is there already stays; nothing is written over. */
export async function runKeysRestore(
  path: string,
  flags: RestoreFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (flags.output === 'json' && !flags.list) throw usage('-o json is for --list')
  const { secrets, created, namespace } = await openBackup(path, flags, signal)
  const kem = await chooseKem()
  const keys = await Promise.all(secrets.map((secret) => knownKey(kem, secret)))
  if (flags.list && flags.output === 'json') return terminal.write(asJson(keys, namespace, created))
  if (flags.list) {
    await terminal.write(asTable(keys))
    return terminal.note(`${counted(keys.length, 'key')} of ${namespace}, kept at ${created}`)
  }
  const kube = await connectOnly(flags, 'Give a kubeconfig, or --list to look into the backup only.')
  try {
    await restoreInto(kube, keys, flags, terminal, signal)
  } catch (error) {
    throw signal.aborted ? signal.reason : clusterError(error)
  } finally {
    kube.close()
  }
}

const asTable = (keys: readonly KnownKey[]): string =>
  table(
    ['SECRET', 'STATE', 'KEY', 'HOLDER', 'NOT BEFORE'],
    keys.map((key) => keyRow(key)),
  )

function asJson(keys: readonly KnownKey[], namespace: string, created: string): string {
  const shown = keys.map(({ secret: { name }, facts }) => ({ secret: name, ...facts }))
  return `${JSON.stringify({ created, namespace, keys: shown }, null, 2)}\n`
}
