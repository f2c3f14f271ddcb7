import type { Node } from 'js-yaml'
import { COLLECTION_STYLE, SCALAR_STYLE, STR_TAG } from './js-yaml/styles.ts'
import { isWord } from './word.ts'

/**
 * Block YAML of a tree whose scalars leave no choice of style, as js-yaml's presenter writes it and without the patterns that
 * it decides by; undefined for every other tree.
 */
export function blockText(root: Node): string | undefined {
  const lines: string[] = []

  /** Writes `node` after `head`, or below it; false where only the presenter knows how. */
  function write(node: Node, head: string, indent: string, inSequence: boolean): boolean {
    if (node.kind === 'scalar') {
      const text = scalarText(node)
      lines.push(head === '' ? `${text}` : `${head} ${text}`)
      return text !== undefined
    }
    if (node.kind === 'alias' || !isPlainBlock(node)) return false
    if (!inSequence && head !== '') lines.push(head)
    let lead = inSequence ? `${head} ` : indent
    for (const item of node.items) {
      const done =
        'key' in item ? writeEntry(item, lead, indent) : write(item, `${lead}-`, `${indent}  `, true)
      if (!done) return false
      lead = indent
    }
    return true
  }

  function writeEntry({ key, value }: { key: Node; value: Node }, lead: string, indent: string): boolean {
    const name = key.kind === 'scalar' && key.value.length <= LONGEST_KEY ? scalarText(key) : undefined
    return name !== undefined && write(value, `${lead}${name}:`, `${indent}  `, false)
  }

  return write(root, '', '', false) ? `${lines.join('\n')}\n` : undefined
}

const isPlainBlock = (node: Exclude<Node, { kind: 'scalar' | 'alias' }>): boolean =>
  node.items.length > 0 && !node.tagged && node.style === COLLECTION_STYLE.BLOCK && !node.anchor

/** Longer ones may be written in two lines. */
const LONGEST_KEY = 100
const QUOTABLE = /^[\x20-\x7e]*$/

function scalarText(node: Extract<Node, { kind: 'scalar' }>): string | undefined {
  const { style, tag, tagged, value, anchor } = node
  if (tagged || anchor || tag !== STR_TAG) return undefined
  if (style === SCALAR_STYLE.PLAIN && isWord(value)) return value
  const quoted = style === SCALAR_STYLE.DOUBLE_QUOTED || value.startsWith('{"')
  return quoted && QUOTABLE.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : undefined
}
