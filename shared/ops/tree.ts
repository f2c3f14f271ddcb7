import { listItems } from '../format/nodes.ts'
import type { MappingNode, YamlNode } from '../format/yaml.ts'

/** A document with some of its objects picked out: itself, or items of the list that it is. The rest passes through. */
export type Tree<T> =
  | { kind: 'pass'; node: YamlNode }
  | { kind: 'picked'; value: T }
  | { kind: 'list'; items: Tree<T>[] }

/** `pick` is asked for every object. */
export function treeOf<T>(node: YamlNode, pick: (node: MappingNode) => T | undefined): Tree<T> {
  const list = listItems(node)
  if (list) {
    const items = list.map((item) => treeOf(item, pick))
    return items.some(({ kind }) => kind !== 'pass') ? { kind: 'list', items } : { kind: 'pass', node }
  }
  const value = node.kind === 'mapping' ? pick(node) : undefined
  return value === undefined ? { kind: 'pass', node } : { kind: 'picked', value }
}

export function pickedIn<T>(tree: Tree<T>): T[] {
  if (tree.kind === 'picked') return [tree.value]
  return tree.kind === 'list' ? tree.items.flatMap(pickedIn) : []
}

/** One after the other, so that the order of work is the order of the file. */
export async function mapTree<T, U>(tree: Tree<T>, change: (value: T) => Promise<U>): Promise<Tree<U>> {
  if (tree.kind === 'pass') return tree
  if (tree.kind === 'picked') return { kind: 'picked', value: await change(tree.value) }
  const items: Tree<U>[] = []
  for (const item of tree.items) items.push(await mapTree(item, change))
  return { kind: 'list', items }
}
