import type { Node } from 'js-yaml'
import { jsYaml } from '#js-yaml'
import { blockText } from './block-text.ts'
import { COLLECTION_STYLE, MAP_TAG, SCALAR_STYLE, SEQ_TAG, STR_TAG } from './js-yaml/styles.ts'
import { MAX_NODES, tooManyNodes } from './limits.ts'
import type { YamlNode } from './yaml.ts'

/** js-yaml's tree for writing: from objects of ours, and from nodes that were read and go out as they came. */

export function astOfObject(object: unknown): Node {
  const texts = astOfTexts(object)
  if (texts) return texts
  const { DUMP_SCHEMA, jsToAst } = jsYaml()
  const [document] = jsToAst(object, DUMP_SCHEMA, { noRefs: true })
  if (!document?.contents) throw new TypeError('nothing to write')
  return document.contents
}

/** The same of what is made of texts alone; undefined for all else. */
export function astOfTexts(value: unknown): Node | undefined {
  if (typeof value === 'string')
    return { kind: 'scalar', tag: STR_TAG, tagged: false, style: SCALAR_STYLE.PLAIN, value }
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    const items = value.map(astOfTexts)
    return items.every((item) => item !== undefined) ? astSequence(items) : undefined
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return undefined
  const items: { key: Node; value: Node }[] = []
  for (const [name, field] of Object.entries(value)) {
    const [key, content] = [astOfTexts(name), astOfTexts(field)]
    if (!key || !content) return undefined
    items.push({ key, value: content })
  }
  return { ...block(MAP_TAG), kind: 'mapping', items }
}

/** Plain scalars stay plain and quoted ones quoted, so every reader makes the same of them as before. Aliases are expanded. */
export function astOfNode(root: YamlNode): Node {
  let visited = 0

  function convert(node: YamlNode): Node {
    visited += 1
    if (visited > MAX_NODES) throw tooManyNodes()
    if (node.kind === 'sequence')
      return { ...block(SEQ_TAG), kind: 'sequence', items: node.items.map(convert) }
    if (node.kind === 'mapping') {
      const items = node.entries.map(({ key, value }) => ({ key: convert(key), value: convert(value) }))
      return { ...block(MAP_TAG), kind: 'mapping', items }
    }
    const { text, plain } = node
    return {
      kind: 'scalar',
      tag: plain ? jsYaml().DUMP_SCHEMA.resolveImplicitScalarTag(text).tag.tagName : STR_TAG,
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
  return { ...block(MAP_TAG), kind: 'mapping', items }
}

export const astSequence = (items: Node[]): Node => ({
  ...block(SEQ_TAG),
  kind: 'sequence',
  items,
})

export const presentAst = (contents: Node): string => blockText(contents) ?? presented(contents)

function presented(contents: Node): string {
  const { DUMP_SCHEMA, present } = jsYaml()
  const options = { schema: DUMP_SCHEMA, lineWidth: -1, quoteStyle: 'double' } as const
  return present([{ contents, directives: [] }], options)
}
