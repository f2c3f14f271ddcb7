import { SealError } from '../../shared/errors.ts'
import { shortId } from '../../shared/keys/id.ts'
import type { KeyState } from '../../shared/keys/labels.ts'
import type { PublishedKey } from '../../shared/keys/published.ts'
import { type ClusterOptions, connectOnly } from '../cluster.ts'
import { confirm } from '../io/prompt.ts'
import { usage } from '../refused.ts'
import { counted } from '../render/text.ts'
import type { Terminal } from '../terminal.ts'

export interface LabelFlags extends ClusterOptions {
  /** Although objects need the key, or it is the last one. */
  force?: boolean
  dryRun?: boolean
  yes?: boolean
}

/** Retires a key of the cluster, or takes it into use again: a label of its Secret. */
export async function runKeysLabel(
  to: KeyState,
  id: string,
  flags: LabelFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const start = idStart(id)
  const kube = await connectOnly(flags, 'Give a kubeconfig.')
  try {
    const [{ countedKeys }, { findKeySecret, labelKeySecret }] = await Promise.all([
      import('../published.ts'),
      import('../key-secrets.ts'),
    ])
    const keys = await countedKeys(kube, flags, signal)
    const key = chosen(keys, start)
    if (key.state === to) return terminal.note(`${shortId(key.key.id)} is ${to} already: nothing to change`)
    const more = to === 'retired' ? retiring(key, keys, flags) : activating(key, keys)
    const secret = await findKeySecret(kube, key, flags.controllerNamespace, signal)
    const verb = to === 'retired' ? 'retire' : 'activate'
    terminal.say(
      'plan',
      `${verb} ${key.key.id} of ${key.key.holder} (Secret ${secret.namespace}/${secret.name})`,
      more,
    )
    if (flags.dryRun) return terminal.note('nothing was written (--dry-run)')
    if (!flags.yes) await confirm(`${verb} it?`, signal)
    await labelKeySecret(kube, secret, to, signal)
    terminal.say('changed', `${shortId(key.key.id)} is ${to}`)
  } finally {
    kube.close()
  }
}

/** An id, or the beginning of one, as messages show it too. */
function idStart(text: string): string {
  // Not in a pattern: the bundler leaves those as they are, and they are not read as UTF-8.
  const id = text.replace('…', '')
  if (!/^wx[a-z2-7]{4,26}$/.test(id))
    throw usage(
      'this is not a key id',
      'Give the id, or the first six characters of it at least: `waxwing keys usage` shows them.',
    )
  return id
}

function chosen(keys: readonly PublishedKey[], id: string): PublishedKey {
  const found = keys.filter(({ key }) => key.id.startsWith(id))
  const [only] = found
  if (only && found.length === 1) return only
  const there = keys.map(({ key }) => shortId(key.id)).join(', ') || 'none'
  throw only
    ? usage(`several keys begin with ${id}`, 'Give more of the id.')
    : new SealError('key-unknown', `the cluster has no key ${id}; it has: ${there}`)
}

function retiring(
  { key, usage: counts }: PublishedKey,
  keys: readonly PublishedKey[],
  { force }: LabelFlags,
): string[] {
  const others = keys.filter(({ state, key: other }) => state === 'active' && other.id !== key.id)
  const needed = counts
    ? `${counted(counts.needed, 'object')} of the cluster ${counts.needed === 1 ? 'needs' : 'need'} it`
    : 'how many objects need it has not been counted'
  if (!force && counts?.needed !== 0) throw new SealError('key-needed', `${shortId(key.id)}: ${needed}`)
  const [next] = others
  if (!force && !next)
    throw new SealError('key-last', `${shortId(key.id)} is the only active key of the cluster`)
  return [
    `${needed}; it goes on opening what was sealed for it`,
    next
      ? `values are sealed to ${shortId(next.key.id)} (${next.key.notBefore.slice(0, 10)})${others.length > 1 ? ' and others' : ''}`
      : 'the controller makes a new key, because this is the only active one',
  ]
}

function activating({ key }: PublishedKey, keys: readonly PublishedKey[]): string[] {
  const [newest] = keys.filter(({ state }) => state === 'active')
  const first = !newest || Date.parse(key.notBefore) > Date.parse(newest.key.notBefore)
  return [first ? 'values are sealed to it again, as it is the newest' : 'newer keys are sealed to before it']
}
