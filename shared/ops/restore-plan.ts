import type { KeptSecret } from '../keys/backup/contents.ts'
import type { KnownKey } from '../keys/backup/facts.ts'

/** `create`: under `name`. `there`: the cluster has the key, in the Secret `name`. `conflict`: that name is another's. */
export interface RestoreStep {
  action: 'create' | 'there' | 'conflict'
  name: string
  key: KnownKey
  /** `there`: what it is in the cluster. */
  state?: string
}

/** What a namespace holds: its keys, and the names of all of its Secrets. */
export interface Present {
  keys: readonly KnownKey[]
  names: ReadonlySet<string>
}

/**
 * What has to be done so that each key of an archive is in the cluster: those first that are sealed to first. Nothing that is
 * there is written over.
 */
export function planRestore(kept: readonly KnownKey[], { keys, names }: Present): RestoreStep[] {
  const taken = new Set(names)
  return [...kept].sort(newestFirst).map((key): RestoreStep => {
    const same = keys.find((present) => isSame(present, key))
    if (same) return { action: 'there', name: same.secret.name, key, state: same.facts.state }
    const name = [key.secret.name, ...otherNames(key)].find((one) => !taken.has(one))
    if (name === undefined) return { action: 'conflict', name: key.secret.name, key }
    taken.add(name)
    return { action: 'create', name, key }
  })
}

/**
 * Every controller calls its first key `waxwing-key-1`, so that a new cluster often has that name for another key. To a sealing
 * key its Secret's name means nothing; of other Secrets one cannot know.
 */
const otherNames = ({ facts: { kind, id } }: KnownKey): string[] =>
  kind === 'waxwing' && id !== undefined ? [`waxwing-key-${id.slice(2, 10)}`] : []

/** The very same content, or another form of the same seed: the id of a plain one is proved, that of a wrapped one stated. */
function isSame(present: KnownKey, { secret, facts }: KnownKey): boolean {
  if (present.secret.type === secret.type && sameData(present.secret.data, secret.data)) return true
  if (facts.id === undefined || present.facts.id !== facts.id) return false
  return facts.kind === 'waxwing' && present.facts.kind === 'waxwing'
}

function sameData(a: KeptSecret['data'], b: KeptSecret['data']): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function newestFirst({ facts: a }: KnownKey, { facts: b }: KnownKey): number {
  if (a.state !== b.state) return a.state === 'active' ? -1 : b.state === 'active' ? 1 : 0
  return dateOf(b) - dateOf(a)
}

const dateOf = ({ notBefore }: KnownKey['facts']): number =>
  notBefore === undefined ? 0 : Date.parse(notBefore)
