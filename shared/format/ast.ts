import { COLLECTION_STYLE, DUMP_SCHEMA, jsToAst, type Node, present, SCALAR_STYLE, strTag } from 'js-yaml'
import { blockText } from './block-text.ts'
import { MAX_NODES, tooManyNodes } from './limits.ts'
import type { YamlNode } from './yaml.ts'

/** js-yaml's tree for writing: from objects of ours, and from nodes that were read and go out as they came. */

export function astOfObject(object: unknown): Node {
  const [document] = jsToAst(object, DUMP_SCHEMA, { noRefs: true })
  if (!document?.contents) throw new TypeError('nothing to write')
  return document.contents
}

/** Plain scalars stay plain and quoted ones quoted, so every reader makes the same of them as before. Aliases are expanded. */
export function astOfNode(root: YamlNode): Node {
  let visited = 0

  function convert(node: YamlNode): Node {
    visited += 1
    if (visited > MAX_NODES) throw tooManyNodes()
    if (node.kind === 'sequence')
      return { ...block('tag:yaml.org,2002:seq'), kind: 'sequence', items: node.items.map(convert) }
    if (node.kind === 'mapping') {
      const items = node.entries.map(({ key, value }) => ({ key: convert(key), value: convert(value) }))
      return { ...block('tag:yaml.org,2002:map'), kind: 'mapping', items }
    }
    const { text, plain } = node
    return {
      kind: 'scalar',
      tag: plain ? DUMP_SCHEMA.resolveImplicitScalarTag(text).tag.tagName : strTag.tagName,
      tagged: false,
      style: plain ? SCALAR_STYLE.PLAIN : SCALAR_STYLE.DOUBLE_QUOTED,
      value: text,
    }
  }

  return convert(root)
}

const block = (tag: string) => ({ tag, tagged: false, style: COLLECTION_STYLE.BLOCK })

/** A mapping of given trees, for objects that are put together of both kinds. */
export function astMapping(entries: readonly (readonly [string, Node])[]): Node {
  const items = entries.map(([key, value]) => ({ key: astOfObject(key), value }))
  return { ...block('tag:yaml.org,2002:map'), kind: 'mapping', items }
}

export const astSequence = (items: Node[]): Node => ({
  ...block('tag:yaml.org,2002:seq'),
  kind: 'sequence',
  items,
})

export const presentAst = (contents: Node): string =>
  blockText(contents) ??
  present([{ contents, directives: [] }], { schema: DUMP_SCHEMA, lineWidth: -1, quoteStyle: 'double' })
