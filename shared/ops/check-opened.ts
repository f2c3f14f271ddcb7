import { ALLOW_ANNOTATION, readAllowed, unknownArgs } from '../check/allow.ts'
import type { Finding } from '../check/finding.ts'
import { fromBase64 } from '../crypto/base64.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { nodeAt } from '../format/yaml.ts'
import type { DesiredSecret } from '../resource/desired.ts'
import { type CheckTerms, checkNotes, SEALED_LAYOUT } from './check-notes.ts'
import { findingAt } from './documents.ts'
import type { PlacedSealed } from './sealed-nodes.ts'

/** What the checks say of the Secret that a SealedSecret opened to. */
export function checkOpened(
  { source, node }: PlacedSealed,
  sealed: SealedSecret,
  { name, namespace, type, annotations, data }: DesiredSecret,
  terms: CheckTerms,
): Finding[] {
  const secret = {
    name,
    namespace,
    type,
    annotations: new Map(Object.entries(annotations)),
    data: new Map(Object.entries(data).map(([key, text]) => [key, fromBase64(text) ?? new Uint8Array()])),
  }
  const { notes } = checkNotes(secret, node, SEALED_LAYOUT, terms, allowedOf(sealed).codes)
  return notes.map((note) => findingAt(source, note))
}

/** Words in a SealedSecret's annotation that allow nothing. */
export function checkAllowed({ source, node }: PlacedSealed, sealed: SealedSecret): Finding[] {
  const { at } = nodeAt(node, ['metadata', 'annotations', ALLOW_ANNOTATION])
  return allowedOf(sealed).unknown.map((word) =>
    findingAt(source, { code: 'allow-unknown', severity: 'fail', at, args: unknownArgs(word) }),
  )
}

const allowedOf = ({ annotations }: SealedSecret) => readAllowed(annotations.get(ALLOW_ANNOTATION) ?? '')
