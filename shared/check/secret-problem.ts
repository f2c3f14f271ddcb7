import { CHECK_CODES, type CheckCode } from '../check-codes/all.ts'
import type { Args, Severity } from './finding.ts'

/** What the checks look at: a Secret with its plain values. */
export interface CheckedSecret {
  name: string
  /** '' where it is not known yet. */
  namespace: string
  type?: string
  annotations: ReadonlyMap<string, string>
  data: ReadonlyMap<string, Uint8Array>
}

/** A finding before its place is known. Its args hold numbers, dates of certificates and fixed words, and never a value. */
export interface SecretProblem {
  code: CheckCode
  severity: Severity
  /** The data key that it is about; none where it is about the Secret itself. */
  key?: string
  args: Args
}

export function problem(code: CheckCode, key?: string, args: Args = {}): SecretProblem {
  return { code, severity: CHECK_CODES[code].severity, ...(key === undefined ? {} : { key }), args }
}

/** A check of one type: what is wrong with the values of such a Secret. `now` in milliseconds. */
export type TypeCheck = (secret: CheckedSecret, now: number) => SecretProblem[]

/** The text of a value, or undefined where it is not UTF-8 or has a NUL: binary. A byte order mark stays in it. */
export function textOf(value: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** The text of a data key; undefined where it is missing, binary or empty. */
export function textAt({ data }: CheckedSecret, key: string): string | undefined {
  return textOf(data.get(key) ?? new Uint8Array()) || undefined
}

/** Missing and empty are the same to whoever reads a value. */
export const isEmptyAt = ({ data }: CheckedSecret, key: string): boolean => (data.get(key)?.length ?? 0) === 0
