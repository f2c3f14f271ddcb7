import { compareFindings, type Finding, isFail } from '../check/finding.ts'
import type { CheckCode } from '../check-codes/all.ts'
import type { Scope } from '../crypto/bound.ts'
import { isNamespaceName, isObjectName } from '../format/limits.ts'
import { fieldOf, kindOf } from '../format/nodes.ts'
import { type MappingNode, nodeAt } from '../format/yaml.ts'
import { isSecret, type PlainSecret, readPlainSecret } from '../resource/plain-secret.ts'
import type { SecretNotes } from '../resource/secret-notes.ts'
import { type CheckTerms, checkNotes, PLAIN_LAYOUT } from './check-notes.ts'
import { findingAt, placeAt, readDocuments, type SourceDocument } from './documents.ts'
import { helmFindingInSecret } from './helm.ts'
import type { PolicyTerms } from './policy-terms.ts'
import { isSealedSecret } from './sealed-kind.ts'
import { pickedIn, type Tree, treeOf } from './tree.ts'

export interface SealTarget extends CheckTerms {
  scope: Scope
  /** From the command line; it must not contradict a document. */
  namespace?: string | undefined
  /** For documents that state none: the kubeconfig's. */
  defaultNamespace?: string | undefined
  /** The rule that holds for the output. */
  policy?: PolicyTerms | undefined
}

/** The one type whose values are the cluster's to make. */
const CLUSTER_FILLED = 'kubernetes.io/service-account-token'

/** A Secret that is to be sealed, its namespace decided. */
export interface PlannedSecret {
  secret: PlainSecret
  scope: Scope
  line: number
  namespaceFrom: 'document' | 'flag' | 'default' | 'none'
  /** Codes of checks that were allowed for it, and are to be when the SealedSecret is checked. */
  allow: readonly CheckCode[]
}

export interface SealPlan {
  file: string
  documents: { source: SourceDocument; tree: Tree<PlannedSecret> | undefined }[]
  secrets: PlannedSecret[]
  findings: Finding[]
}

/** Reads a stream and checks every Secret in it; nothing is sealed yet. A plan with a `fail` is not to be carried out. */
export function planSeal(file: string, text: string, target: SealTarget): SealPlan {
  const { documents, findings } = readDocuments(file, text)
  const plan: SealPlan = { file, documents: [], secrets: [], findings: [...findings] }
  let sealedAlready = 0
  for (const source of documents) {
    const pick = (node: MappingNode): PlannedSecret | undefined => {
      const kind = kindOf(node)
      if (isSealedSecret(kind)) sealedAlready += 1
      return isSecret(kind) ? planSecret(plan, source, node, target) : undefined
    }
    const tree = source.root && treeOf(source.root, pick)
    plan.documents.push({ source, tree })
    plan.secrets.push(...(tree ? pickedIn(tree) : []))
  }
  if (plan.secrets.length === 0 && !plan.findings.some(isFail))
    plan.findings.push(noSecret(file, sealedAlready > 0))
  plan.findings.sort(compareFindings)
  return plan
}

const noSecret = (file: string, sealed: boolean): Finding => ({
  code: 'secret-kind',
  severity: 'fail',
  file,
  args: { problem: sealed ? 'sealed' : 'other' },
})

function planSecret(
  plan: SealPlan,
  source: SourceDocument,
  node: MappingNode,
  target: SealTarget,
): PlannedSecret {
  const { secret, notes } = readPlainSecret(node)
  const { namespace, from } = chooseNamespace(notes, node, secret.namespace, target)
  checkName(notes, node, secret.name)
  const planned = { ...secret, namespace }
  const allow = notes.list.length === 0 ? checkPlanned(notes, node, planned, target) : []
  // What else is odd about a template hangs on what Helm makes of it.
  const helm = helmFindingInSecret(source, node)
  plan.findings.push(...(helm ? [helm] : notes.list.map((note) => findingAt(source, note))))
  return {
    secret: planned,
    scope: target.scope,
    line: placeAt(source, node.at).line,
    namespaceFrom: from,
    allow,
  }
}

/** Only of a Secret that is whole: what could not be read would be found missing. Returns what was allowed. */
function checkPlanned(
  notes: SecretNotes,
  node: MappingNode,
  secret: PlainSecret,
  target: SealTarget,
): CheckCode[] {
  if (secret.data.size === 0 && secret.type !== CLUSTER_FILLED)
    notes.list.push({ code: 'secret-empty', severity: 'warn', at: node.at, args: { name: secret.name } })
  const { policy, scope } = target
  const terms = policy ? { ...target, policyAllow: policy.allowed } : target
  const found = checkNotes(secret, node, PLAIN_LAYOUT, terms, secret.allow)
  notes.list.push(...found.notes, ...(policy ? policy.plain(secret, scope, node) : []))
  return [...new Set([...secret.allow, ...found.used])]
}

function checkName(notes: SecretNotes, root: MappingNode, name: string): void {
  const at = nodeAt(root, ['metadata', 'name'])
  const generated = fieldOf(fieldOf(root, 'metadata'), 'generateName') !== undefined
  if (name === '') notes.fail('secret-name', at, { problem: generated ? 'generated' : 'no-name' })
  else if (!isObjectName(name)) notes.fail('secret-name', at, { problem: 'name' })
}

function chooseNamespace(
  notes: SecretNotes,
  root: MappingNode,
  stated: string,
  { scope, namespace: flag, defaultNamespace }: SealTarget,
): { namespace: string; from: PlannedSecret['namespaceFrom'] } {
  const at = nodeAt(root, ['metadata', 'namespace'])
  if (stated !== '') {
    if (!isNamespaceName(stated)) notes.fail('secret-name', at, { problem: 'namespace' })
    else if (flag !== undefined && flag !== stated)
      notes.fail('secret-name', at, { problem: 'conflict', namespace: stated, flag })
    return { namespace: stated, from: 'document' }
  }
  if (flag !== undefined) return { namespace: flag, from: 'flag' }
  // Cluster scope binds no namespace, so none is guessed.
  if (scope === 'cluster') return { namespace: '', from: 'none' }
  if (defaultNamespace !== undefined) return { namespace: defaultNamespace, from: 'default' }
  notes.fail('secret-name', at, { problem: 'no-namespace', scope })
  return { namespace: '', from: 'none' }
}
