import type { Finding } from '../../check/finding.ts'
import type { Path } from '../../errors.ts'
import { type DocumentText, splitDocuments } from '../../format/documents.ts'
import { fieldOf, kindOf, listItems } from '../../format/nodes.ts'
import type { SealedSecret } from '../../format/sealed-secret.ts'
import { checkKeyless } from '../../format/unseal.ts'
import type { MappingNode, YamlNode } from '../../format/yaml.ts'
import { placeAt, readDocuments, type SourceDocument } from '../documents.ts'
import { helmFinding } from '../helm.ts'
import { isSealedSecret } from '../sealed-kind.ts'
import { attempt, readSealedNode } from '../sealed-nodes.ts'

/** The SealedSecret of a file that is to be edited. */
export interface EditTarget {
  file: string
  source: SourceDocument
  node: MappingNode
  /** Of the object in its document: below `items` for one of a list. */
  path: Path
  sealed: SealedSecret
  parts: readonly DocumentText[]
}

interface Candidate {
  source: SourceDocument
  node: MappingNode
  path: Path
  /** `namespace/name`, as far as it states them. */
  identity: string
}

const GROUP = 'waxwing.dev'

/** Chooses by `name` or `namespace/name`; the only one where neither is given. Without a target the findings say why. */
export function findTarget(
  file: string,
  text: string,
  name?: string,
): { target: EditTarget | undefined; findings: Finding[] } {
  const { documents, findings } = readDocuments(file, text, (document) => document.includes(GROUP))
  if (findings.length > 0) return { target: undefined, findings }
  const all = documents.flatMap((source) => (source.root ? [...candidatesIn(source, source.root, [])] : []))
  const [chosen, ...others] = all.filter(({ identity }) => name === undefined || isNamed(identity, name))
  if (!chosen || others.length > 0) return { target: undefined, findings: [unclear(file, all, name)] }
  const { source, node, path } = chosen
  const helm = helmFinding(source, node)
  if (helm) return { target: undefined, findings: [helm] }
  const sealed = readSealedNode(source, node, findings)?.sealed
  if (sealed) attempt(source, node, findings, () => checkKeyless(sealed))
  if (!sealed || findings.length > 0) return { target: undefined, findings }
  return { target: { file, source, node, path, sealed, parts: splitDocuments(text) }, findings }
}

/** The whole file with another text in the place of the target's document. */
export const withDocument = ({ parts, source }: EditTarget, text: string): string =>
  parts.map((part) => (part.line === source.line ? text : part.text)).join('')

function* candidatesIn(source: SourceDocument, node: YamlNode, path: Path): Generator<Candidate> {
  const items = listItems(node)
  if (items) for (const [i, item] of items.entries()) yield* candidatesIn(source, item, [...path, 'items', i])
  else if (node.kind === 'mapping' && isSealedSecret(kindOf(node)))
    yield { source, node, path, identity: identityOf(node) }
}

function identityOf(node: MappingNode): string {
  const metadata = fieldOf(node, 'metadata')
  const [namespace, name] = ['namespace', 'name'].map((field) => {
    const value = fieldOf(metadata, field)
    return value?.kind === 'scalar' ? value.text : ''
  })
  return namespace === '' ? (name ?? '') : `${namespace}/${name}`
}

const isNamed = (identity: string, name: string): boolean =>
  identity === name || (!name.includes('/') && identity.split('/').at(-1) === name)

function unclear(file: string, all: readonly Candidate[], name: string | undefined): Finding {
  const [first] = all
  if (!first) return { code: 'sealed-kind', severity: 'fail', file, args: {} }
  const names = all.map(({ identity }) => identity).join(', ')
  const reason =
    name === undefined || all.some(({ identity }) => isNamed(identity, name))
      ? `has ${all.length} SealedSecrets: ${names}`
      : `has no SealedSecret of that name, but ${names}`
  const { line } = placeAt(first.source, first.node.at)
  return { code: 'edit-target', severity: 'fail', file, line, args: { reason } }
}
