import { yamlText } from '../../shared/format/write.ts'
import { KEY_LABEL } from '../../shared/keys/labels.ts'
import { sealingKeyObject } from '../../shared/keys/public.ts'
import type { PublicKey } from '../keys/keyring.ts'

export interface KeysQuestion {
  holder: string
  /** Also the older active keys, and the retired ones, which nobody should seal to. */
  all: boolean
  json: boolean
}

/** The public keys as a file to commit: YAML documents, or JSON; undefined while there is none to seal to. */
export function keysBody(
  keys: readonly PublicKey[],
  { holder, all, json }: KeysQuestion,
): { type: string; text: string } | undefined {
  const [newest] = keys
  if (newest?.state !== 'active') return undefined
  const objects = (all ? keys : [newest]).map((key) => labelled(key, holder, all))
  if (!json) return { type: 'application/yaml', text: objects.map(yamlText).join('---\n') }
  const body = all ? { apiVersion: 'v1', kind: 'List', items: objects } : objects[0]
  return { type: 'application/json', text: `${JSON.stringify(body, null, 2)}\n` }
}

/** Where several are shown, the label of the key Secret says which are retired. */
function labelled({ state, public: key }: PublicKey, holder: string, all: boolean): Record<string, unknown> {
  const object = sealingKeyObject({ ...key, holder }, holder)
  return all ? { ...object, metadata: { name: holder, labels: { [KEY_LABEL]: state } } } : object
}

/** YAML unless JSON is asked for by name: `*∕*` is what clients send that did not think about it. */
export const wantsJson = (accept = ''): boolean =>
  accept
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .some((range) => /^application\/(json|[^;]*\+json)(;|$)/.test(range) && !/;\s*q=0(\.0*)?$/.test(range))
