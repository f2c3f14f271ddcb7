import type { Finding } from '../check/finding.ts'
import type { MlKem } from '../crypto/kem/types.ts'
import { SealError } from '../errors.ts'
import { kindOf, listItems } from '../format/nodes.ts'
import { toPlain } from '../format/plain.ts'
import { API_VERSION } from '../format/sealed-secret.ts'
import type { YamlNode } from '../format/yaml.ts'
import { readSealingKey, type SealingKey } from '../keys/public.ts'
import { type PrivateKey, readSeed } from '../keys/seed.ts'
import { findingsOf, placeAt, readDocuments, type SourceDocument } from './documents.ts'

export interface PlacedKey<K> {
  key: K
  file: string
  line: number
}

export interface KeyStream {
  keys: PlacedKey<SealingKey>[]
  seeds: PlacedKey<PrivateKey>[]
  findings: Finding[]
}

/**
 * Every key of a file, public and private; `kem` opens the private ones. A key file holds nothing else: whatever is in it
 * besides is a finding, lest a key that was meant be missed.
 */
export async function readKeyStream(
  file: string,
  text: string,
  kem: () => Promise<MlKem>,
): Promise<KeyStream> {
  const { documents, findings } = readDocuments(file, text)
  const found: KeyStream = { keys: [], seeds: [], findings }
  for (const source of documents)
    if (source.root) for (const node of objectsIn(source.root)) await readKey(found, source, node, kem)
  if (found.keys.length + found.seeds.length + findings.length === 0)
    findings.push({ code: 'key-malformed', severity: 'fail', file, args: { problem: 'empty' } })
  return found
}

async function readKey(
  found: KeyStream,
  source: SourceDocument,
  node: YamlNode,
  kem: () => Promise<MlKem>,
): Promise<void> {
  const { apiVersion, kind } = kindOf(node)
  const { file, line } = placeAt(source, node.at)
  try {
    if (apiVersion !== API_VERSION) throw otherKind()
    if (kind === 'SealingKey') found.keys.push({ key: readSealingKey(toPlain(node).data), file, line })
    else if (kind === 'SealingKeySeed')
      found.seeds.push({ key: await readSeed(await kem(), toPlain(node).data), file, line })
    else throw otherKind()
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    found.findings.push(...findingsOf(source, error, node))
  }
}

const otherKind = () =>
  new SealError('key-malformed', 'neither a SealingKey nor a SealingKeySeed of waxwing.dev/v1alpha1')

const objectsIn = (root: YamlNode): YamlNode[] => listItems(root)?.flatMap(objectsIn) ?? [root]
