import type { ScalarSpan, SpanNode } from '../../format/spans.ts'
import type { FlowLayout } from '../../format/spans-flow.ts'
import { before, isBlank } from '../../format/spans-lines.ts'

/** How a document indents, so that what is added looks like the rest. */
export interface Layout {
  /** Of a mapping below its key. */
  mapping: number
  /** Of the dashes below a key. */
  dash: number
  flow: FlowLayout
}

const DEFAULT = 2

export function layoutOf(text: string, root: SpanNode): Layout {
  return {
    mapping: firstIndent(text, root, 'mapping') ?? DEFAULT,
    dash: firstIndent(text, root, 'sequence') ?? DEFAULT,
    flow: flowLayout(text, root),
  }
}

export const columnOf = (text: string, { from }: ScalarSpan): number => before(text, from).length

/** How far the first block collection of a kind stands right of its key. */
function firstIndent(text: string, node: SpanNode, kind: 'mapping' | 'sequence'): number | undefined {
  if (node.kind === 'sequence') return firstOf(node.items, (item) => firstIndent(text, item, kind))
  if (node.kind !== 'mapping') return undefined
  return firstOf(node.entries, ({ key, value }) => {
    if (key.kind === 'scalar' && value.kind === kind && !value.flow) {
      const [first] = value.kind === 'mapping' ? value.entries.map((entry) => entry.key) : value.items
      const line = first ? before(text, first.from) : ''
      const column = value.kind === 'mapping' ? line.length : line.indexOf('-')
      if (column >= columnOf(text, key)) return column - columnOf(text, key)
    }
    return firstIndent(text, value, kind)
  })
}

function firstOf<T>(list: readonly T[], look: (item: T) => number | undefined): number | undefined {
  for (const item of list) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

function flowLayout(text: string, root: SpanNode): FlowLayout {
  const [first] = root.kind === 'mapping' && root.flow ? root.entries : []
  if (!first) return { unit: '', dense: false }
  const margin = before(text, first.key.from)
  return {
    unit: isBlank(margin) ? margin : '',
    dense: text.slice(first.key.end, first.value.from) === ':',
  }
}
