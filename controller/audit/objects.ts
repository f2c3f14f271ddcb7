import { ApiError, ConfigError, NetworkError } from '../../shared/kube/errors.ts'
import type { KubeObject } from '../../shared/kube/port.ts'
import { fieldsOf } from '../fields.ts'
import { envelopesOf } from '../keys/usage.ts'
import { type SealedObject, secretRef } from '../objects.ts'
import { conditionOf } from '../reconcile/conditions.ts'
import type { Observed, Plan } from '../reconcile/decide.ts'
import { editorsOf } from '../reconcile/editors.ts'
import { isDrift, isPassing } from '../reconcile/transition.ts'
import type { Named, ObjectRef, Refusal, Unseal, Write } from './entry.ts'
import { listed } from './names.ts'

/** What is at hand of keys: the ids alone. */
export type Holds = (keyId: string) => boolean

function refOf({ metadata }: SealedObject): ObjectRef {
  const { namespace = '', name, uid, generation } = metadata
  return {
    kind: 'SealedSecret',
    namespace,
    name,
    ...(uid !== undefined && { uid }),
    ...(generation !== undefined && { generation }),
  }
}

/** By the rule of the format: of each envelope the first recipient that is here. */
export function openingKeys(envelopes: readonly (readonly string[])[], holds: Holds): string[] {
  return [...new Set(envelopes.flatMap((ids) => ids.find(holds) ?? []))]
}

/** The data keys and key ids of a spec, whatever stands in it. */
export function namesOf(spec: unknown, opened: boolean, holds: Holds): Named {
  const envelopes = envelopesOf(spec)
  const keyIds = opened ? openingKeys(envelopes, holds) : [...new Set(envelopes.flat())]
  return listed({ keyIds, dataKeys: Object.keys(fieldsOf(fieldsOf(spec).data)) })
}

export function unsealOf(observed: Extract<Observed, { kind: 'opened' | 'refused' }>, holds: Holds): Unseal {
  const { object, kind } = observed
  const how = kind === 'refused' ? { result: kind, reason: observed.code } : { result: 'done' as const }
  return {
    type: 'unseal',
    object: refOf(object),
    ...how,
    ...namesOf(object.spec, kind === 'opened', holds),
  }
}

/** Undefined where the plan is no refusal, or one of a moment. */
export function refusalOf(observed: Observed, plan: Plan, holds: Holds): Refusal | undefined {
  if (observed.kind !== 'opened' && observed.kind !== 'deleting') return undefined
  const ready = plan.act === 'report' ? conditionOf(plan.status, 'Ready') : undefined
  if (plan.row !== 'given-up' && (ready?.status !== 'False' || isPassing(ready.reason))) return undefined
  return {
    type: 'refusal',
    object: refOf(observed.object),
    row: plan.row,
    result: 'refused',
    ...(ready && { reason: ready.reason }),
    ...namesOf(observed.object.spec, true, holds),
  }
}

/** A request to the API server that wrote, or was to write, and what came of it. */
export type Sent = { verb: Write['verb'] } & ({ answer: KubeObject | undefined } | { error: unknown })

/** Undefined where somebody was faster: it is looked at again, and nothing was changed. */
export function writeOf(observed: Observed, plan: Plan, sent: Sent, holds: Holds): Write | undefined {
  if (!('object' in observed)) return undefined
  const came = outcomeOf(sent)
  if (!came) return undefined
  const { object } = observed
  const changed = 'changed' in plan ? plan.changed : []
  const names = listed({
    keyIds: openingKeys(envelopesOf(object.spec), holds),
    dataKeys: dataKeysOf(observed, plan, sent.verb, changed),
    fields: changed.filter((name) => !name.startsWith('data.')),
  })
  const drift = observed.kind === 'opened' && isDrift(plan, object.status, object.metadata.generation ?? 0)
  const actor = drift &&
    observed.secret && { fieldManagers: editorsOf(observed.secret, changed).slice(0, MOST_MANAGERS) }
  return {
    type: 'write',
    verb: sent.verb,
    object: refOf(object),
    row: plan.row,
    ...came,
    ...('answer' in sent && sent.answer && { secret: secretRef(sent.answer) }),
    ...names,
    ...(drift && { drift }),
    ...(actor && { actor }),
  }
}

const MOST_MANAGERS = 10

function dataKeysOf(
  observed: Observed,
  plan: Plan,
  verb: Write['verb'],
  changed: readonly string[],
): readonly string[] {
  if (verb === 'create' && 'secret' in plan) return Object.keys(plan.secret.data ?? {})
  if (verb === 'delete' && 'secret' in observed) return Object.keys(observed.secret?.data ?? {})
  return changed.flatMap((name) => (name.startsWith('data.') ? [name.slice('data.'.length)] : []))
}

/** Undefined: refused because the object is another one by now, gone, or there already. */
export function outcomeOf(sent: Sent): Pick<Write, 'result' | 'reason'> | undefined {
  if (!('error' in sent)) return { result: 'done' }
  const { error } = sent
  if (error instanceof ConfigError) return { result: 'failed', reason: 'NoCredentials' }
  if (error instanceof NetworkError) return { result: 'unknown', reason: error.code }
  if (!(error instanceof ApiError)) return { result: 'unknown', reason: 'Aborted' }
  if (error.status === 409 || (error.status === 404 && sent.verb !== 'create')) return undefined
  const reason = /^[A-Za-z]{1,64}$/.test(error.reason) ? error.reason : String(error.status)
  return { result: error.status >= 500 || error.status === 408 ? 'unknown' : 'failed', reason }
}
