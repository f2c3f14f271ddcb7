import { fromBase64 } from '../crypto/base64.ts'
import type { Path, Problem } from '../errors.ts'

/** Reads fields of unknown data and notes every problem, so that one error can list all of them. */
export interface Reader {
  readonly problems: Problem[]
  note(path: Path, reason: string): void
  /** The mapping at `path`, with every field that is not in `known` noted; undefined (and noted) if it is no mapping. */
  fields(value: unknown, path: Path, known?: readonly string[]): Record<string, unknown> | undefined
  text(value: unknown, path: Path): string | undefined
  /** Strict base64 of exactly `length` bytes. */
  bytes(value: unknown, path: Path, length?: number): Uint8Array | undefined
  list(value: unknown, path: Path): unknown[] | undefined
  /** A mapping of strings, as a Map: its keys are the user's. */
  texts(value: unknown, path: Path): Map<string, string> | undefined
}

export function reader(): Reader {
  const problems: Problem[] = []
  const note = (path: Path, reason: string): undefined => {
    problems.push({ path, reason })
    return undefined
  }

  function fields(value: unknown, path: Path, known?: readonly string[]) {
    if (value === undefined) return note(path, 'is missing')
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return note(path, 'must be a mapping')
    const object = value as Record<string, unknown>
    if (known)
      for (const field of Object.keys(object))
        if (!known.includes(field)) note([...path, field], 'unknown field')
    return object
  }

  function text(value: unknown, path: Path) {
    if (value === undefined) return note(path, 'is missing')
    return typeof value === 'string' ? value : note(path, 'must be a string; put it in quotes')
  }

  return {
    problems,
    note,
    fields,
    text,
    bytes(value, path, length) {
      const encoded = text(value, path)
      if (encoded === undefined) return undefined
      const decoded = fromBase64(encoded)
      if (!decoded) return note(path, 'is not strict base64 (RFC 4648 §4, padded, no white space)')
      if (length !== undefined && decoded.length !== length) return note(path, `must be ${length} bytes`)
      return decoded
    },
    list: (value, path) =>
      Array.isArray(value) ? value : note(path, value === undefined ? 'is missing' : 'must be a list'),
    texts(value, path) {
      const object = fields(value, path)
      if (!object) return undefined
      const map = new Map<string, string>()
      for (const [key, entry] of Object.entries(object)) {
        const held = text(entry, [...path, key])
        if (held !== undefined) map.set(key, held)
      }
      return map
    },
  }
}
