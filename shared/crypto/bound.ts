import { primitives } from '#primitives'
import { base32 } from './base32.ts'
import { enc } from './bytes.ts'

export const SCOPES = ['strict', 'namespace', 'cluster'] as const
export type Scope = (typeof SCOPES)[number]

/** What an envelope is sealed for: the parts that its scope does not bind are empty. */
export interface Bound {
  scope: Scope
  namespace: string
  name: string
}

export function bound(scope: Scope, namespace: string, name: string): Bound {
  return {
    scope,
    namespace: scope === 'cluster' ? '' : namespace,
    name: scope === 'strict' ? name : '',
  }
}

/** Readable without a key, for diagnosis alone: whoever edits the file can edit this too. 16 characters. */
export function bindingText({ scope, namespace, name }: Bound): string {
  return base32(primitives.sha256(enc('waxwing.dev/v1 binding', scope, namespace, name)).slice(0, 10))
}
