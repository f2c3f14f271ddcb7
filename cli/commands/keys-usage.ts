import type { PublishedKey } from '../../shared/keys/published.ts'
import { type ClusterOptions, connectOnly } from '../cluster.ts'
import { printable } from '../render/paint.ts'
import { table } from '../render/table.ts'
import type { Terminal } from '../terminal.ts'

export interface UsageFlags extends ClusterOptions {
  output: 'text' | 'json'
}

/** The keys of a cluster, and whether anything there still needs them. */
export async function runKeysUsage(
  flags: UsageFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const kube = await connectOnly(flags, 'Give a kubeconfig.')
  try {
    const { countedKeys } = await import('../published.ts')
    const keys = await countedKeys(kube, flags, signal)
    await terminal.write(
      flags.output === 'json' ? `${JSON.stringify(keys.map(shown), null, 2)}\n` : asTable(keys),
    )
    terminal.say('hint', 'only objects of the cluster count: what is in git alone, the controller cannot see')
  } finally {
    kube.close()
  }
}

const shown = ({ key, state, secret, usage }: PublishedKey, index: number, all: readonly PublishedKey[]) => ({
  id: key.id,
  holder: key.holder,
  state,
  newest: isNewest(all, index),
  notBefore: key.notBefore,
  notAfter: key.notAfter,
  ...(secret !== undefined && { secret }),
  ...usage,
})

function asTable(keys: readonly PublishedKey[]): string {
  const rows = keys.map((one, index) => {
    const { key, state, usage } = one
    const counts = usage ? [String(usage.usable), String(usage.needed)] : ['?', '?']
    const verdict = verdictOf(one, isNewest(keys, index))
    return [key.id, printable(key.holder), state, key.notBefore.slice(0, 10), ...counts, verdict]
  })
  return table(['ID', 'HOLDER', 'STATE', 'NOT BEFORE', 'NAMED BY', 'NEEDED BY', ''], rows)
}

/** Newest active ones stand first. */
const isNewest = (keys: readonly PublishedKey[], index: number): boolean =>
  index === 0 && keys[0]?.state === 'active'

function verdictOf({ state, usage }: PublishedKey, newest: boolean): string {
  if (newest) return 'sealed to'
  if (!usage) return 'not counted'
  if (usage.needed > 0) return 'in use'
  return state === 'active' ? 'safe to retire' : 'no longer needed'
}
