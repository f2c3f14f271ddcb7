import { isKeyId } from '../../shared/keys/id.ts'
import { AT_REST_ANNOTATION, KEY_LABEL } from '../../shared/keys/labels.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { CONFIG_MAPS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'
import { fieldsOf } from '../fields.ts'
import { FORMS } from '../keys/at-rest/provider.ts'
import { type KeyReading, statedKey } from '../keys/key-secret.ts'
import type { SecretObject } from '../objects.ts'
import type { Audit, KeyEvent } from './entry.ts'
import { outcomeOf, type Sent } from './objects.ts'
import { type Asked, tellingWrites } from './writes.ts'

/** Notes what happens to sealing keys; never what they are. */
export interface KeyAudit {
  /** A key Secret, as it was read just now; noted if it is another one than before. */
  saw(secret: SecretObject, reading: KeyReading): void
  gone(name: string): void
  /** The same client, whose writes of key Secrets and of published keys are noted. */
  writes(kube: Kube): Kube
}

type Key = KeyEvent['key']

export function createKeyAudit(record: Audit): KeyAudit {
  /** By the Secret's name. */
  const known = new Map<string, { kind: KeyReading['kind']; key: Key }>()
  const note = (action: KeyEvent['action'], key: Key, more: Omit<KeyEvent, 'type' | 'action' | 'key'>) =>
    record({ type: 'key', action, key, ...more })

  function saw({ metadata: { name } }: SecretObject, reading: KeyReading): void {
    const before = known.get(name)
    const { kind } = reading
    const key: Key = { secret: name, ...(kind !== 'malformed' && ofReading(reading)) }
    known.set(name, { kind, key })
    if (before?.kind === kind && before.key.id === key.id && before.key.state === key.state) return
    if (kind === 'malformed') note('load', key, { result: 'refused', reason: kind })
    else if (kind === 'wrapped') note('load', key, { result: 'failed', reason: kind })
    else if (before?.kind !== 'key' || before.key.id !== key.id) note('load', key, { result: 'done' })
    else note(key.state === 'retired' ? 'retire' : 'activate', key, { result: 'done' })
  }

  function begins(asked: Asked): (sent: Sent) => void {
    // The watch may show a new key before the request that made it is answered.
    const first = ![...known.values()].some(({ kind, key }) => kind === 'key' && key.state === 'active')
    return (sent) => {
      const came = outcomeOf(sent)
      if (came) wrote(asked, sent.verb, came, first)
    }
  }

  function wrote(
    { resource, name, body }: Asked,
    verb: Sent['verb'],
    came: Pick<KeyEvent, 'result' | 'reason'>,
    first: boolean,
  ): void {
    if (resource === SECRETS && verb === 'create') {
      const id = statedKey(body as SecretObject)?.id
      const key: Key = { secret: name, state: 'active', ...(id !== undefined && { id }) }
      note(first ? 'generate' : 'renew', key, came)
    } else if (resource === SECRETS && fieldsOf(body).data !== undefined) {
      const atRest = FORMS.find((form) => form === annotation(body, AT_REST_ANNOTATION))
      note('rewrap', known.get(name)?.key ?? { secret: name }, { ...came, ...(atRest && { atRest }) })
    } else if (resource === SEALING_KEYS) {
      const action = verb === 'delete' ? 'unpublish' : 'publish'
      note(action, { ...idOf(name), ...stateOf(body) }, { ...came, published: 'SealingKey' })
    } else if (resource === CONFIG_MAPS)
      // Its other entries are counts.
      for (const [entry, text] of Object.entries(fieldsOf(fieldsOf(body).data)))
        if (entry.endsWith('.yaml')) {
          const key = idOf(entry.slice(0, -'.yaml'.length))
          note(text === null ? 'unpublish' : 'publish', key, { ...came, published: 'ConfigMap' })
        }
  }

  return {
    saw,
    gone(name) {
      const before = known.get(name)
      known.delete(name)
      if (before) note('remove', before.key, { result: 'done' })
    },
    writes: (kube) => tellingWrites(kube, begins),
  }
}

/** Somebody else may have put there what we take away. */
const idOf = (name: string): Pick<Key, 'id'> => (isKeyId(name) ? { id: name } : {})

function ofReading(reading: Exclude<KeyReading, { kind: 'malformed' }>): Key {
  const { state, public: key } = reading.kind === 'key' ? reading.key : reading
  return { id: key.id, state }
}

const annotation = (body: Asked['body'], name: string): unknown =>
  fieldsOf((body as KubeObject).metadata?.annotations)[name]

function stateOf(body: Asked['body']): Pick<Key, 'state'> {
  const state = (body as KubeObject | undefined)?.metadata.labels?.[KEY_LABEL]
  return state === 'active' || state === 'retired' ? { state } : {}
}
