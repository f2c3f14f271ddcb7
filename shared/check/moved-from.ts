import { type Bound, bindingText, bound, SCOPES } from '../crypto/bound.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'

/**
 * What a moved object was probably sealed for: its binding can be compared with names, though not read. Tried are the
 * parts of its name (kustomize adds a prefix or a suffix) under each scope. Diagnosis alone: whoever edits the file can
 * edit the binding.
 */
export function movedFrom({
  name,
  namespace,
  envelopes,
}: Pick<SealedSecret, 'name' | 'namespace' | 'envelopes'>): Bound | undefined {
  const binding = envelopes[0]?.binding
  for (const scope of SCOPES)
    for (const part of partsOf(name)) {
      const candidate = bound(scope, namespace, part)
      if (bindingText(candidate) === binding) return candidate
    }
  return undefined
}

/** 36 parts, each a hash. */
const MAX_PIECES = 8

/** `prod-db-v2` → itself, `prod-db`, `prod`, `db-v2`, `db`, `v2`. */
function partsOf(name: string): string[] {
  const pieces = name.split(/(?<=[-.])/).slice(0, MAX_PIECES)
  const parts = new Set([name])
  for (let from = 0; from < pieces.length; from++)
    for (let to = pieces.length; to > from; to--) parts.add(joined(pieces.slice(from, to)))
  return [...parts]
}

const joined = (pieces: readonly string[]): string => pieces.join('').replace(/[-.]$/, '')
