import { SealError } from '../../shared/errors.ts'
import { yamlText } from '../../shared/format/write.ts'
import { isKeyId, shortId } from '../../shared/keys/id.ts'
import { type SealingKey, sealingKeyObject } from '../../shared/keys/public.ts'
import type { ClusterOptions } from '../cluster.ts'
import { newestKey } from '../keys.ts'
import { usage } from '../refused.ts'
import { checkSealable } from '../sealable.ts'
import type { Terminal } from '../terminal.ts'

export interface FetchFlags extends ClusterOptions {
  url?: string
  pin?: string
  update?: boolean
  dryRun?: boolean
  yes?: boolean
}

/** The sealing key of a cluster, or of an address: to stdout, or in the place of an older one in files. */
export async function runKeysFetch(
  files: readonly string[],
  flags: FetchFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { pin, url } = flags
  if (pin !== undefined && !isKeyId(pin))
    throw usage('--pin is not a key id', 'An id is `wx` and 26 letters and digits.')
  if (files.length > 0 && !flags.update) throw usage('files are named only with --update')
  const keys = url === undefined ? await fromCluster(flags, signal) : await fromUrl(url, pin, signal)
  const key = choose(keys, pin)
  // Its mark would be lost on the way into a file.
  checkSealable([{ key }], true)
  if (flags.update) {
    const [{ updateKeys }, { clusterKeyIds }] = await Promise.all([
      import('./keys-update.ts'),
      import('../cluster.ts'),
    ])
    const former = url === undefined ? await clusterKeyIds(flags, signal) : new Set(keys.map(({ id }) => id))
    return updateKeys(files, key, former, flags, terminal, signal)
  }
  await terminal.write(yamlText(sealingKeyObject(key, nameOf(key))))
  const trust = pin === undefined ? '' : ', the pinned key'
  terminal.say('fetched', `${key.holder} ${key.id}${trust}   to be replaced by ${key.notAfter.slice(0, 10)}`)
  if (pin === undefined)
    terminal.say(
      'hint',
      `compare the id with what the cluster's operator tells you; later, \`--pin ${key.id}\``,
    )
}

async function fromCluster(flags: FetchFlags, signal: AbortSignal): Promise<SealingKey[]> {
  const { clusterKeys } = await import('../cluster.ts')
  return clusterKeys(flags, signal, 'Pass `--kubeconfig` or `--url`.')
}

async function fromUrl(url: string, pin: string | undefined, signal: AbortSignal): Promise<SealingKey[]> {
  const [{ fetchText }, { parseKeys }] = await Promise.all([import('../io/fetch.ts'), import('../keys.ts')])
  const { source, text } = await fetchText(url, pin !== undefined, signal)
  return parseKeys(source, text)
}

/** With a pin that key and no other; without one the newest. */
function choose(keys: readonly SealingKey[], pin: string | undefined): SealingKey {
  const key = pin === undefined ? newestKey(keys, Date.now()) : keys.find(({ id }) => id === pin)
  if (key) return key
  if (pin === undefined) throw new SealError('key-missing', 'there is no sealing key that is valid by now')
  const found = keys.map(({ id }) => shortId(id)).join(', ') || 'none'
  throw new SealError('key-pinned', `the key ${shortId(pin)} is not there; found: ${found}`)
}

/** In a file the name is the holder; a holder need not be a name that Kubernetes accepts. */
const nameOf = ({ holder, id }: SealingKey): string =>
  /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(holder) ? holder : id
