import type { Finding } from '../check/finding.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import type { MappingNode } from '../format/yaml.ts'
import { placeAt, readDocuments, type SourceDocument } from './documents.ts'
import { readSealedNode } from './sealed-nodes.ts'
import { pickedIn, treeOf } from './tree.ts'
import { GROUP } from './verify-stream.ts'

/** A SealedSecret where it stands. */
export interface SealedAt {
  sealed: SealedSecret
  source: SourceDocument
  node: MappingNode
  file: string
  line: number
}

/** Every SealedSecret of a stream; what is malformed becomes findings. Other documents are not read. */
export function readSealedStream(file: string, text: string): { sealed: SealedAt[]; findings: Finding[] } {
  const { documents, findings } = readDocuments(file, text, (document) => document.includes(GROUP))
  const sealed: SealedAt[] = []
  for (const source of documents) {
    const tree = source.root && treeOf(source.root, (node) => readSealedNode(source, node, findings))
    for (const placed of tree ? pickedIn(tree) : [])
      if (placed.sealed) {
        const { line } = placeAt(source, placed.node.at)
        sealed.push({ sealed: placed.sealed, source, node: placed.node, file, line })
      }
  }
  return { sealed, findings }
}
