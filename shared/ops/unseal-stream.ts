import { ALLOW_ANNOTATION } from '../check/allow.ts'
import { compareFindings, type Finding, isFail } from '../check/finding.ts'
import { SealError } from '../errors.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import type { PrivateKeys } from '../format/unseal.ts'
import { unseal } from '../format/unseal.ts'
import { desiredSecret } from '../resource/desired.ts'
import { secretObject } from '../resource/secret-object.ts'
import { findingsOf, readDocuments } from './documents.ts'
import type { OutputDocument } from './output.ts'
import { type PlacedSealed, readSealedNode } from './sealed-nodes.ts'
import { mapTree, pickedIn, treeOf } from './tree.ts'

/** Opens every SealedSecret of a stream. With a `fail` among the findings there are no documents: all or nothing. */
export async function unsealStream(
  file: string,
  text: string,
  keys: PrivateKeys,
): Promise<{ documents: OutputDocument[]; opened: number; findings: Finding[] }> {
  const { documents: sources, findings } = readDocuments(file, text)
  const documents: OutputDocument[] = []
  let opened = 0
  for (const source of sources) {
    const picked = source.root && treeOf(source.root, (node) => readSealedNode(source, node, findings))
    opened += picked ? pickedIn(picked).length : 0
    const tree = picked && (await mapTree(picked, (placed) => open(placed, keys, findings)))
    documents.push({ source, tree })
  }
  if (opened === 0 && !findings.some(isFail))
    findings.push({ code: 'sealed-kind', severity: 'fail', file, args: {} })
  findings.sort(compareFindings)
  return findings.some(isFail) ? { documents: [], opened: 0, findings } : { documents, opened, findings }
}

async function open(
  { source, node, sealed }: PlacedSealed,
  keys: PrivateKeys,
  findings: Finding[],
): Promise<object> {
  if (!sealed) return {}
  try {
    const secret = desiredSecret(sealed, await unseal(sealed, keys))
    return secretObject({ ...secret, annotations: { ...secret.annotations, ...allowedIn(sealed) } })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    findings.push(...findingsOf(source, error, node))
    return {}
  }
}

/** In a cluster it means nothing; here it does, lest what is sealed again be refused for what was allowed. */
function allowedIn({ annotations }: SealedSecret): Record<string, string> {
  const allowed = annotations.get(ALLOW_ANNOTATION)
  return allowed === undefined ? {} : { [ALLOW_ANNOTATION]: allowed }
}
