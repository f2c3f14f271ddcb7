import type { Finding } from '../check/finding.ts'
import { SealError } from '../errors.ts'
import { kindOf } from '../format/nodes.ts'
import { toPlain } from '../format/plain.ts'
import { readSealedSecret } from '../format/schema.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import type { MappingNode } from '../format/yaml.ts'
import { findingsOf, type SourceDocument } from './documents.ts'
import { isSealedSecret } from './sealed-kind.ts'

/** A SealedSecret where it stands in an input. */
export interface PlacedSealed {
  source: SourceDocument
  node: MappingNode
  /** undefined where it is malformed. */
  sealed: SealedSecret | undefined
}

/** Reads the node if it is a SealedSecret; what is malformed about it goes to `findings`. */
export function readSealedNode(
  source: SourceDocument,
  node: MappingNode,
  findings: Finding[],
): PlacedSealed | undefined {
  if (!isSealedSecret(kindOf(node))) return undefined
  const read = () => {
    const { data, oddKeys } = toPlain(node)
    return readSealedSecret(data, oddKeys)
  }
  return { source, node, sealed: attempt(source, node, findings, read) }
}

/** What `step` gives; a refusal becomes findings at its place below `node`. */
export function attempt<T>(
  source: SourceDocument,
  node: MappingNode,
  findings: Finding[],
  step: () => T,
): T | undefined {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    findings.push(...findingsOf(source, error, node))
    return undefined
  }
}
