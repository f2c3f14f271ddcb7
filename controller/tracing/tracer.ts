import type { IncomingHttpHeaders } from 'node:http'

/** What a span says: names, counts and codes, never a value. */
type Attributes = Record<string, string | number | boolean>

interface Beginning {
  kind?: 'internal' | 'client' | 'server'
  attributes?: Attributes
  /** Below nothing, whatever is under way here. */
  root?: boolean
  /** Below what these say, if they say anything: https://www.w3.org/TR/trace-context/ */
  from?: IncomingHttpHeaders
  /** It began so long ago. */
  agoMs?: number
}

/** A piece of work, from its beginning to its end. */
interface Span {
  /** For whoever does a part of it elsewhere. */
  headers(): Record<string, string>
  /** Whatever `work` begins, also later, is below this span. */
  within<T>(work: () => T): T
  end(attributes?: Attributes, failed?: boolean): void
}

/** Where traces go. Nothing here throws, waits or fails, whatever becomes of them. */
export interface Tracer {
  /** Below what is under way here. */
  begin(name: string, beginning?: Beginning): Span
  /** About the work that is under way here. */
  note(attributes: Attributes): void
  /** The work that is under way here is not worth telling. */
  forget(): void
  /** Whether any work is under way here. */
  busy(): boolean
  /** Sends what is left, in a moment or not at all. */
  close(): Promise<void>
}
