import type { MappingNode, YamlNode } from './yaml.ts'

/** Reading a node tree by names, for documents that are not ours and so have no schema here. */

export function entryOf(node: MappingNode, name: string) {
  return node.entries.find(({ key }) => key.text === name)
}

export function fieldOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  return node?.kind === 'mapping' ? entryOf(node, name)?.value : undefined
}

/** The text of a scalar field as it was written, '' where there is none. */
function textOf(node: YamlNode | undefined, name: string): string {
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

/**
 * The items of kubectl's `List` and of the lists that the API server answers with (`SecretList`); the items of those may
 * leave out their kind, and get it here. undefined for what is no list.
 */
export function listItems(node: YamlNode | undefined): YamlNode[] | undefined {
  const { apiVersion, kind } = kindOf(node)
  const items = fieldOf(node, 'items')
  if (!kind.endsWith('List') || items?.kind !== 'sequence') return undefined
  if (kind === 'List') return items.items
  return items.items.map((item) => withKind(item, { apiVersion, kind: kind.slice(0, -'List'.length) }))
}

function withKind(item: YamlNode, of: Kind): YamlNode {
  if (item.kind !== 'mapping' || fieldOf(item, 'kind') !== undefined) return item
  const scalar = (text: string) => ({ kind: 'scalar' as const, text, plain: true, at: item.at })
  const stated = Object.entries(of).map(([name, text]) => ({ key: scalar(name), value: scalar(text) }))
  const others = item.entries.filter(({ key }) => key.text !== 'apiVersion')
  return { ...item, entries: [...stated, ...others] }
}
