import { ALLOW_ANNOTATION, readAllowed, unknownArgs } from '../check/allow.ts'
import type { Finding } from '../check/finding.ts'
import { fromBase64 } from '../crypto/base64.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { nodeAt } from '../format/yaml.ts'
import type { DesiredSecret } from '../resource/desired.ts'
import { type CheckTerms, checkNotes, SEALED_LAYOUT } from './check-notes.ts'
import { findingAt } from './documents.ts'
import type { PolicyTerms } from './policy-terms.ts'
import type { PlacedSealed } from './sealed-nodes.ts'

/** How SealedSecrets are checked: by the rule that holds for their file, where there is one. */
export interface VerifyTerms extends CheckTerms {
  policy?: PolicyTerms | undefined
}

/** What the rule says of a SealedSecret without a key. */
export function checkRuled(
  { source, node }: PlacedSealed,
  sealed: SealedSecret,
  terms: VerifyTerms,
): Finding[] {
  const { policy, now } = terms
  return policy ? policy.sealed(sealed, node, now).map((note) => findingAt(source, note)) : []
}

/** What the checks and the rule say of the Secret that a SealedSecret opened to. */
export function checkOpened(
  { source, node }: PlacedSealed,
  sealed: SealedSecret,
  { name, namespace, type, annotations, data }: DesiredSecret,
  terms: VerifyTerms,
): Finding[] {
  const secret = {
    name,
    namespace,
    type,
    annotations: new Map(Object.entries(annotations)),
    data: new Map(Object.entries(data).map(([key, text]) => [key, fromBase64(text) ?? new Uint8Array()])),
  }
  const { policy } = terms
  const own = [...allowedOf(sealed).codes, ...(policy ? policy.allowed : [])]
  const { notes } = checkNotes(secret, node, SEALED_LAYOUT, terms, own)
  const ruled = policy ? policy.opened(secret.data, node) : []
  return [...notes, ...ruled].map((note) => findingAt(source, note))
}

/** Words in a SealedSecret's annotation that allow nothing. */
export function checkAllowed({ source, node }: PlacedSealed, sealed: SealedSecret): Finding[] {
  const { at } = nodeAt(node, ['metadata', 'annotations', ALLOW_ANNOTATION])
  return allowedOf(sealed).unknown.map((word) =>
    findingAt(source, { code: 'allow-unknown', severity: 'fail', at, args: unknownArgs(word) }),
  )
}

const allowedOf = ({ annotations }: SealedSecret) => readAllowed(annotations.get(ALLOW_ANNOTATION) ?? '')
