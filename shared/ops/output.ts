import type { Node } from 'js-yaml'
import { placed, SealError } from '../errors.ts'
import { astMapping, astOfNode, astOfObject, astSequence, presentAst } from '../format/ast.ts'
import { nodeToJson } from '../format/json.ts'
import { quotedAst } from '../format/write.ts'
import { nodeAt, type YamlNode } from '../format/yaml.ts'
import { placeAt, type SourceDocument } from './documents.ts'
import type { Tree } from './tree.ts'

export type Output = 'yaml' | 'json'

/** What a document of the input became: objects of ours in the places of those picked, or nothing new at all. */
export interface OutputDocument {
  source: SourceDocument
  /** undefined for a document of nothing but comments. */
  tree: Tree<object> | undefined
}

/**
 * The text of a stream. Documents with nothing new keep every byte; the others are written anew, each as YAML or JSON as
 * it came unless `output` says otherwise. JSON is one object, or a `List` of all.
 */
export function streamText(documents: readonly OutputDocument[], output?: Output): string {
  if (output === 'json') return jsonText(jsonOf(documents))
  let text = ''
  for (const document of documents) {
    const piece = documentText(document, output)
    const joined = text === '' || startsWithMarker(piece) || endsWithMarker(text)
    text += text === '' || text.endsWith('\n') ? '' : '\n'
    text += joined ? piece : `---\n${piece}`
  }
  return text
}

function documentText({ source, tree }: OutputDocument, output: Output | undefined): string {
  if (!tree || tree.kind === 'pass') return source.text
  const json = (output ?? (source.json ? 'json' : 'yaml')) === 'json'
  const body = json ? jsonText(jsonOfTree(source, tree)) : presentAst(astOfTree(source, tree))
  // Comments go: near passwords they tend to hold passwords.
  const marked = startsWithMarker(source.text)
  const text = `${marked ? '---\n' : ''}${body}${endsWithMarker(source.text) ? '...\n' : ''}`
  return source.text.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
}

/** Comments may stand before the marker. */
const startsWithMarker = (text: string): boolean =>
  /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n|%.*\n)*---(?=\s|$)/.test(text)

const endsWithMarker = (text: string): boolean => /(^|\n)\.\.\.\s*$/.test(text)

function astOfTree(source: SourceDocument, tree: Tree<object>): Node {
  if (tree.kind === 'pass') return atPlace(source, tree.node, astOfNode)
  if (tree.kind === 'picked') return quotedAst(tree.value)
  return astMapping([
    ['apiVersion', astOfObject('v1')],
    ['kind', astOfObject('List')],
    ['items', astSequence(tree.items.map((item) => astOfTree(source, item)))],
  ])
}

function jsonOf(documents: readonly OutputDocument[]): unknown {
  const all = documents.flatMap(({ source, tree }) => (tree ? [jsonOfTree(source, tree)] : []))
  return all.length === 1 ? all[0] : listOf(all.flatMap((value) => (isList(value) ? value.items : [value])))
}

const isList = (value: unknown): value is { items: unknown[] } =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  value.kind === 'List' &&
  'items' in value &&
  Array.isArray(value.items)

function jsonOfTree(source: SourceDocument, tree: Tree<object>): unknown {
  if (tree.kind === 'pass') return atPlace(source, tree.node, nodeToJson)
  return tree.kind === 'picked' ? tree.value : listOf(tree.items.map((item) => jsonOfTree(source, item)))
}

/** A refusal to convert a node is one of its document. */
function atPlace<T>(source: SourceDocument, node: YamlNode, convert: (node: YamlNode) => T): T {
  try {
    return convert(node)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw placed(error, placeAt(source, nodeAt(node, error.path ?? []).at))
  }
}

const listOf = (items: unknown[]) => ({ apiVersion: 'v1', kind: 'List', items })

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
