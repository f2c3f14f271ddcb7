import type { SecretRef } from '../objects.ts'
import type { Cut } from './names.ts'

// What a line of the audit log says, all of it. schemas/audit-event.schema.json is the same for its readers: names, ids and
// codes only, and a bound on each.

const API_VERSION = 'audit.waxwing.dev/v1'
const KIND = 'AuditEvent'

/** A line is one of these, with a stamp in front. */
export type Entry = Unseal | Write | Refusal | KeyEvent | Request | Loss

/** `unknown`: the request got no answer, so it may have been carried out. */
type Result = 'done' | 'refused' | 'failed' | 'unknown'

export interface ObjectRef {
  kind: 'SealedSecret'
  namespace: string
  name: string
  /** Absent where the object only came in a request. */
  uid?: string
  generation?: number
}

/** `keyIds`: the sealing keys that open the object; of one that did not open, those that it is sealed for. */
export interface Named {
  keyIds: string[]
  dataKeys: string[]
  truncated?: Cut
}

/** Private keys were used on an object, or would have been. `reason`: the code of the refusal. */
export interface Unseal extends Named {
  type: 'unseal'
  object: ObjectRef
  result: 'done' | 'refused'
  reason?: string
}

/** A request that was to change a Secret. `dataKeys` and `fields`: what was to be set or removed. */
export interface Write extends Named {
  type: 'write'
  verb: 'create' | 'patch' | 'delete'
  object: ObjectRef
  /** As the server answered. */
  secret?: SecretRef
  /** Of the decision table. */
  row: string
  result: Exclude<Result, 'refused'>
  /** The API server's, or why there is no answer. */
  reason?: string
  fields: string[]
  /** It puts back what somebody changed: these, as far as the server knows. */
  drift?: true
  actor?: { fieldManagers: string[] }
}

/** An object that opens, and whose Secret is not written all the same. */
export interface Refusal extends Named {
  type: 'refusal'
  object: ObjectRef
  row: string
  result: 'refused'
  /** Of the object's conditions. */
  reason?: string
}

type KeyAction =
  | 'generate'
  | 'renew'
  | 'load'
  | 'retire'
  | 'activate'
  | 'remove'
  | 'publish'
  | 'unpublish'
  | 'rewrap'
  | 'ask-provider'

/** Something happened to a sealing key. */
export interface KeyEvent {
  type: 'key'
  action: KeyAction
  result: Result
  reason?: string
  key: { id?: string; secret?: string; state?: 'active' | 'retired' }
  /** Where it is published. */
  published?: 'SealingKey' | 'ConfigMap'
  /** How its seed is stored from now on. */
  atRest?: 'plain' | 'kms' | 'transit'
  /** What was asked of whoever wraps seeds. */
  provider?: { form: 'kms' | 'transit'; call: 'wrap' | 'unwrap' | 'newest' }
}

/** Somebody asked over HTTP for something that takes private keys. */
export interface Request {
  type: 'request'
  route: string
  result: 'done' | 'refused' | 'limited' | 'failed'
  reason?: string
  /** The user that the API server named; of a stranger the address, as far as they are limited together. */
  actor: { user: string } | { address: string }
  object?: ObjectRef
  keyIds?: string[]
  dataKeys?: string[]
  truncated?: Cut
}

/** Of the log itself. `lost`: lines that could not be written. `suppressed`: requests of strangers, or of too many. */
interface Loss {
  type: 'audit'
  action: 'lost' | 'suppressed'
  count: number
}

/** Takes an entry; must not block, and does not throw. */
export type Audit = (entry: Entry) => void

export interface Stamp {
  now: number
  /** Which process: in its requests to the API server as well. */
  instance: string
  /** Counts from 1 in each process, without a gap unless lines were lost. */
  seq: number
}

/** The line, with its end. Where lines of other kinds stand beside, its beginning tells. */
export const lineOf = (entry: Entry, { now, instance, seq }: Stamp): string => {
  const time = new Date(now).toISOString()
  return `${JSON.stringify({ apiVersion: API_VERSION, kind: KIND, time, instance, seq, ...entry })}\n`
}
