import type { WrappedBy } from './wrapped-by.ts'

/** How seeds stand in their Secrets: as they are, or wrapped. */
export const FORMS = ['plain', 'kms', 'transit'] as const
export type Form = (typeof FORMS)[number]

/** A seed in the form in which only its provider opens it. */
export interface Wrapped {
  bytes: Uint8Array
  by: WrappedBy
}

/** Somebody outside who wraps seeds, and opens what he wrapped. Each call ends in time, or with an AtRestError. */
export interface Provider {
  readonly form: Exclude<Form, 'plain'>
  /** For people: `the KMS at unix:///run/kms.sock`. */
  readonly what: string
  /** Whether it may be the one that wrapped this. */
  opens(by: WrappedBy): boolean
  /** `keyId`: of the sealing key, which the wrapping is bound to where that is possible. */
  wrap(seed: Uint8Array, keyId: string): Promise<Wrapped>
  unwrap(wrapped: Wrapped, keyId: string): Promise<Uint8Array>
  /** Asks which key wraps now, and gives the test whether that one wrapped something. */
  newest(): Promise<(by: WrappedBy) => boolean>
  close(): void
}

/**
 * Why a provider did not do it, in our words: a server's own may quote what it was sent. `unavailable`: it would do
 * later. `refused`: it answered, and said no; somebody may have to do something, or may have done so.
 */
export class AtRestError extends Error {
  override readonly name = 'AtRestError'
  readonly code: 'unavailable' | 'refused'
  /** Of an answer over HTTP. */
  readonly status: number | undefined

  constructor(code: 'unavailable' | 'refused', message: string, status?: number) {
    super(message)
    this.code = code
    this.status = status
  }
}
