import type { MappingNode, YamlNode } from './yaml.ts'

/** Reading a node tree by names, for documents that are not ours and so have no schema here. */

export function entryOf(node: MappingNode, name: string) {
  return node.entries.find(({ key }) => key.text === name)
}

export function fieldOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'mapping' ? entryOf(node, name)?.value : undefined
}

/** The text of a scalar field as it was written, '' where there is none. */
export function textOf(node: YamlNode | undefined, name: string): string {
  const value = fieldOf(node, name)
  return value?.kind === 'scalar' ? value.text : ''
}

export interface Kind {
  apiVersion: string
  kind: string
}

export function kindOf(node: YamlNode | undefined): Kind {
  return { apiVersion: textOf(node, 'apiVersion'), kind: textOf(node, 'kind') }
}

/** kubectl's `List`, and the lists that the API server answers with (`SecretList`), whose items may state no kind. */
export function listItems(node: YamlNode | undefined): { items: YamlNode[]; of: Kind | undefined } | undefined {
  const { apiVersion, kind } = kindOf(node)
  const items = fieldOf(node, 'items')
  if (!kind.endsWith('List') || items?.kind !== 'sequence') return undefined
  return {
    items: items.items,
    of: kind === 'List' ? undefined : { apiVersion, kind: kind.slice(0, -'List'.length) },
  }
}
