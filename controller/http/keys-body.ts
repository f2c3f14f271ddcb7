import { yamlText } from '../../shared/format/write.ts'
import { sealingKeyObject } from '../../shared/keys/public.ts'
import { type KeyUsage, publishedKeyObject } from '../../shared/keys/published.ts'
import type { PublicKey } from '../keys/keyring.ts'

export interface KeysQuestion {
  holder: string
  /** Also the older active keys, and the retired ones, which nobody should seal to. */
  all: boolean
  json: boolean
  /** How many objects depend on each, and who counted. */
  usage?: { counts: ReadonlyMap<string, KeyUsage>; counter: string }
}

/** The public keys as a file to commit: YAML documents, or JSON; undefined while there is none to seal to. */
export function keysBody(
  keys: readonly PublicKey[],
  { holder, all, json, usage }: KeysQuestion,
): { type: string; text: string } | undefined {
  const [newest] = keys
  if (newest?.state !== 'active') return undefined
  const objects = (all ? keys : [newest]).map((key) => shown(key, holder, all, usage))
  if (!json) return { type: 'application/yaml', text: objects.map(yamlText).join('---\n') }
  const body = all ? { apiVersion: 'v1', kind: 'List', items: objects } : objects[0]
  return { type: 'application/json', text: `${JSON.stringify(body, null, 2)}\n` }
}

/** Where several are shown, a label says which are retired. */
function shown(
  { state, name, public: key }: PublicKey,
  holder: string,
  all: boolean,
  usage: KeysQuestion['usage'],
): Record<string, unknown> {
  if (!all) return sealingKeyObject({ ...key, holder }, holder)
  const count = usage?.counts.get(key.id)
  const counted = usage && { secret: name, ...(count && { usage: count }) }
  return publishedKeyObject({ key: { ...key, holder }, state, ...counted }, holder, usage?.counter ?? '')
}

/** YAML unless JSON is asked for by name: `*∕*` is what clients send that did not think about it. */
export const wantsJson = (accept = ''): boolean =>
  accept
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .some((range) => /^application\/(json|[^;]*\+json)(;|$)/.test(range) && !/;\s*q=0(\.0*)?$/.test(range))
