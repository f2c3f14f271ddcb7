import { type Finding, isFail } from '../check/finding.ts'
import { KEYLESS_CHECKS } from '../check/keyless.ts'
import { movedFrom } from '../check/moved-from.ts'
import { SealError } from '../errors.ts'
import { kindOf } from '../format/nodes.ts'
import { toPlain } from '../format/plain.ts'
import { API_VERSION, type SealedSecret } from '../format/sealed-secret.ts'
import { boundWords, type PrivateKeys, unseal } from '../format/unseal.ts'
import { type MappingNode, nodeAt } from '../format/yaml.ts'
import { readSealingKey, type SealingKey } from '../keys/public.ts'
import { desiredSecret } from '../resource/desired.ts'
import { checkAllowed, checkOpened, checkRuled, type VerifyTerms } from './check-opened.ts'
import { checkTemplateKeys } from './check-templates.ts'
import { findingsOf, placeAt, readDocuments, type SourceDocument } from './documents.ts'
import { attempt, type PlacedSealed, readSealedNode } from './sealed-nodes.ts'
import { pickedIn, treeOf } from './tree.ts'

/** A key id where a SealedSecret names it as a recipient. */
export interface RecipientUse {
  id: string
  file: string
  line: number
  column: number
}

/** A SealedSecret that is in order, where it stands. */
export interface SealedUse {
  sealed: SealedSecret
  namespace: string
  name: string
  /** Key ids, of all its envelopes. */
  recipients: string[]
  file: string
  line: number
  column: number
}

export interface VerifiedStream {
  /** SealedSecrets and SealingKeys. */
  objects: number
  keys: SealingKey[]
  recipients: RecipientUse[]
  sealed: SealedUse[]
  findings: Finding[]
}

/** What every document of ours holds. */
export const GROUP = 'waxwing.dev'

export const nothingVerified = (): VerifiedStream => ({
  objects: 0,
  keys: [],
  recipients: [],
  sealed: [],
  findings: [],
})

/**
 * Checks every SealedSecret and SealingKey of a stream without a key; with `keys` it opens them too, and with `terms` it
 * checks their values. Documents that do not speak of Waxwing are not even parsed, so templates and other files among them
 * do no harm.
 */
export async function verifyStream(
  file: string,
  text: string,
  keys?: PrivateKeys,
  terms?: VerifyTerms,
): Promise<VerifiedStream> {
  const result = nothingVerified()
  if (!text.includes(GROUP)) return result
  const { documents, findings } = readDocuments(file, text, (document) => document.includes(GROUP))
  result.findings.push(...findings)
  for (const source of documents) {
    const tree = source.root && treeOf(source.root, (node) => readObject(result, source, node))
    for (const placed of tree ? pickedIn(tree) : []) await checkSealed(result, placed, keys, terms)
  }
  return result
}

function readObject(result: VerifiedStream, source: SourceDocument, node: MappingNode) {
  const { apiVersion, kind } = kindOf(node)
  if (apiVersion === API_VERSION && kind === 'SealingKey') {
    result.objects += 1
    const key = attempt(source, node, result.findings, () => readSealingKey(toPlain(node).data))
    if (key) result.keys.push(key)
  }
  return readSealedNode(source, node, result.findings)
}

async function checkSealed(
  result: VerifiedStream,
  placed: PlacedSealed,
  keys: PrivateKeys | undefined,
  terms: VerifyTerms | undefined,
) {
  const { source, node, sealed } = placed
  result.objects += 1
  if (!sealed) return
  const before = result.findings.length
  for (const check of KEYLESS_CHECKS)
    attempt(source, node, result.findings, () => check(sealed, source.text.length))
  const refused = result.findings.splice(before)
  result.findings.push(...refused.map((finding) => withOrigin(finding, sealed)))
  result.findings.push(...checkAllowed(placed, sealed))
  sealed.envelopes.forEach(({ recipients }, i) => {
    recipients.forEach(({ key: id }, j) => {
      const at = nodeAt(node, ['spec', 'envelopes', i, 'recipients', j, 'key']).at
      result.recipients.push({ id, ...placeAt(source, at) })
    })
  })
  // What fails without a key fails with one for the same reason.
  if (result.findings.length > before) return
  result.sealed.push(useOf(placed, sealed))
  if (terms) result.findings.push(...checkRuled(placed, sealed, terms))
  const missing = checkTemplateKeys(placed, sealed)
  result.findings.push(...missing)
  if (!keys || missing.some(isFail)) return
  try {
    const secret = desiredSecret(sealed, await unseal(sealed, keys))
    if (terms) result.findings.push(...checkOpened(placed, sealed, secret, terms))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    result.findings.push(...findingsOf(source, error, node))
  }
}

function withOrigin(finding: Finding, sealed: SealedSecret): Finding {
  const from = finding.code === 'moved' ? movedFrom(sealed) : undefined
  return from ? { ...finding, args: { ...finding.args, origin: boundWords(from) } } : finding
}

function useOf({ source, node }: PlacedSealed, sealed: SealedSecret): SealedUse {
  const { namespace, name, envelopes } = sealed
  const ids = envelopes.flatMap(({ recipients }) => recipients.map(({ key }) => key))
  return { sealed, namespace, name, recipients: [...new Set(ids)], ...placeAt(source, nodeAt(node, NAME).at) }
}

const NAME = ['metadata', 'name']
