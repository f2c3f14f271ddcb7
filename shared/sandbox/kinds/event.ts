import { type FieldError, invalidValue, required } from '../field-errors.ts'
import { docAt, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import type { Rules, View } from '../resources/types.ts'
import { requireMicroTime } from './micro-time.ts'

/**
 * Events have two versions over one storage: `v1`, in which they are stored here, and `events.k8s.io/v1`.
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */

/** The fields of events.k8s.io/v1 that `v1` calls otherwise. */
const OLD_NAMES: Record<string, string> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
}
const NEW_NAMES = Object.fromEntries(Object.entries(OLD_NAMES).map(([now, old]) => [old, now]))

function renamed(object: KubeObject, names: Record<string, string>, apiVersion: string): KubeObject {
  const fields = Object.entries(object).map(([field, value]) => [names[field] ?? field, value])
  return { ...Object.fromEntries(fields), apiVersion }
}

export const eventsView: View = {
  toStored: (object) => renamed(object, OLD_NAMES, 'v1'),
  fromStored: (object) => renamed(object, NEW_NAMES, 'events.k8s.io/v1'),
}

function decode(object: KubeObject): void {
  requireMicroTime(object, 'eventTime')
  requireMicroTime(object, 'series', 'lastObservedTime')
}

export const eventRules: Rules = {
  decode,
  validate: (object) => [...namespaceErrors(object), ...(isNew(object) ? newErrors(object) : [])],
}

/** Rules run on the stored version, so the fields go by their old names here as well. */
export const newEventRules: Rules = {
  decode,
  validate(object, old) {
    const errors = [...namespaceErrors(object), ...(isNew(object) ? newErrors(object) : [])]
    if (old !== undefined) return errors
    if (!isNew(object)) errors.push(required('eventTime'))
    const type = textAt(object, 'type')
    if (type !== 'Normal' && type !== 'Warning') {
      errors.push(invalidValue('type', '', `has invalid value: ${type}`))
    }
    for (const field of ['firstTimestamp', 'lastTimestamp', 'count']) {
      if (valueAt(object, field)) errors.push(invalidValue(field, '', 'needs to be unset'))
    }
    if (Object.keys(docAt(object, 'source')).length > 0) {
      errors.push(invalidValue('source', '', 'needs to be unset'))
    }
    return errors
  },
}

/** Only the newer API knows eventTime. */
function isNew(object: KubeObject): boolean {
  return textAt(object, 'eventTime') !== ''
}

function namespaceErrors(object: KubeObject): FieldError[] {
  const involved = textAt(object, 'involvedObject', 'namespace')
  const { namespace = '' } = object.metadata
  const system = namespace === 'default' || (isNew(object) && namespace === 'kube-system')
  const fits = involved === '' ? system : involved === namespace
  if (fits) return []
  return [invalidValue('involvedObject.namespace', involved, 'does not match event.namespace')]
}

const LIMITS: readonly (readonly [field: string, shown: string, most: number, needed: boolean])[] = [
  ['reportingInstance', 'reportingInstance', 128, true],
  ['action', 'action', 128, true],
  ['reason', 'reason', 128, true],
  ['message', 'message', 1024, false],
]

function newErrors(object: KubeObject): FieldError[] {
  const errors: FieldError[] = []
  if (textAt(object, 'reportingComponent') === '') {
    errors.push(required(object.apiVersion === 'v1' ? 'reportingComponent' : 'reportingController'))
  }
  for (const [field, shown, most, needed] of LIMITS) {
    const text = textAt(object, field)
    if (needed && text === '') errors.push(required(shown))
    if (Buffer.byteLength(text) > most) {
      errors.push(invalidValue(shown, '', `can have at most ${most} characters`))
    }
  }
  return errors
}
