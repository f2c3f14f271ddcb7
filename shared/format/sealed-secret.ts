import type { Scope } from '../crypto/bound.ts'

export const API_VERSION = 'waxwing.dev/v1alpha1'
export const SEALED_AT = 'waxwing.dev/sealed-at'

export interface Recipient {
  /** The sealing key's id. */
  key: string
  kem: Uint8Array
  wrap: Uint8Array
}

/** One data key and its wraps. */
export interface Envelope {
  id: string
  suite: string
  binding: string
  commitment: Uint8Array
  recipients: Recipient[]
}

export interface SealedValue {
  /** Id of the envelope whose data key sealed it. */
  envelope: string
  /** nonce ‖ secretbox. */
  sealed: Uint8Array
}

/** What the Secret gets besides its sealed values, in clear. */
export interface Template {
  type?: string
  immutable?: boolean
  labels: Map<string, string>
  annotations: Map<string, string>
  data: Map<string, string>
}

/** A checked SealedSecret. `name` and `namespace` are the object's own, '' where it states none. */
export interface SealedSecret {
  name: string
  namespace: string
  scope: Scope
  labels: Map<string, string>
  annotations: Map<string, string>
  envelopes: Envelope[]
  data: Map<string, SealedValue>
  template: Template
}

export const emptyTemplate = (): Template => ({ labels: new Map(), annotations: new Map(), data: new Map() })
