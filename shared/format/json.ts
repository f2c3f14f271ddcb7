import { SealError } from '../errors.ts'
import { MAX_NODES, tooManyNodes } from './limits.ts'
import { readsAsString } from './plain.ts'
import type { ScalarNode, YamlNode } from './yaml.ts'

const LITERAL = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)$/

/**
 * A node as JSON data, for documents that are converted on the way through. Scalars that YAML readers take for different
 * things (`no`, `012`, a date) are refused: JSON cannot leave it open.
 */
export function nodeToJson(root: YamlNode): unknown {
  let visited = 0

  function convert(node: YamlNode, path: readonly (string | number)[]): unknown {
    visited += 1
    if (visited > MAX_NODES) throw tooManyNodes()
    if (node.kind === 'scalar') return scalar(node, path)
    if (node.kind === 'sequence') return node.items.map((item, i) => convert(item, [...path, i]))
    const object: Record<string, unknown> = Object.create(null)
    for (const { key, value } of node.entries) object[key.text] = convert(value, [...path, key.text])
    return object
  }

  return convert(root, [])
}

function scalar(node: ScalarNode, path: readonly (string | number)[]): unknown {
  const { text, plain } = node
  if (!plain || readsAsString(node)) return text
  if (text === '' || text === '~') return null
  const value: unknown = LITERAL.test(text) ? JSON.parse(text) : undefined
  if (
    value === undefined ||
    (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
  )
    throw new SealError('json-ambiguous', 'a plain scalar that YAML readers take for different things', {
      path,
    })
  return value
}
