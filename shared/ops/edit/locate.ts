import type { Path } from '../../errors.ts'
import { cannotEdit, type ScalarSpan, type SpanNode, type Spans } from '../../format/spans.ts'

/** The deepest node on the way of a path, with the one above it; `rest` is what of the path is not there. */
export interface Found {
  node: SpanNode
  parent: SpanNode | undefined
  /** Of the parent. */
  above: Found | undefined
  /** Its key in a mapping. */
  key: ScalarSpan | undefined
  /** Its place among its siblings. */
  index: number
  rest: Path
}

/** Refuses what an edit at the path would change elsewhere as well. */
export function locate({ root, aliased }: Spans, path: Path): Found {
  let found: Found = { node: root, parent: undefined, above: undefined, key: undefined, index: 0, rest: path }
  for (;;) {
    const { node, rest } = found
    if (node.kind !== 'alias' && node.anchor !== undefined && aliased.has(node.anchor))
      throw cannotEdit(`the anchor \`&${node.anchor}\` is used elsewhere, which would change as well`)
    const [step, ...below] = rest
    if (step === undefined) return found
    if (node.kind === 'alias') throw cannotEdit('an alias stands for what is to be changed')
    const child = childOf(node, step)
    if (!child) return found
    found = { ...child, parent: node, above: found, rest: below }
  }
}

function childOf(node: SpanNode, step: string | number): Pick<Found, 'node' | 'key' | 'index'> | undefined {
  if (node.kind === 'sequence') {
    const item = typeof step === 'number' ? node.items[step] : undefined
    return item && { node: item, key: undefined, index: Number(step) }
  }
  if (node.kind !== 'mapping') return undefined
  const index = node.entries.findIndex(({ key }) => key.kind === 'scalar' && key.text === step)
  const entry = node.entries[index]
  return entry?.key.kind === 'scalar' ? { node: entry.value, key: entry.key, index } : undefined
}
