import { jsYaml } from '#js-yaml'
import type { Problem } from '../errors.ts'
import { MAX_NODES, tooManyNodes } from './limits.ts'
import { isText } from './word.ts'
import type { ScalarNode, YamlNode } from './yaml.ts'

/** Every type that some YAML reader gives a plain scalar: 1.2 core first, then what only 1.1 readers (kubectl) see. */
function typesOf(yaml: ReturnType<typeof jsYaml>) {
  return [
    yaml.nullYaml11Tag,
    yaml.boolYaml11Tag,
    yaml.intCoreTag,
    yaml.intYaml11Tag,
    yaml.floatCoreTag,
    yaml.floatYaml11Tag,
    yaml.timestampTag,
  ]
}
let types: ReturnType<typeof typesOf> | undefined

/** What a reader may make of a scalar: the text itself, unless it is plain and looks like another type. */
export function resolveScalar({ text, plain }: ScalarNode): unknown {
  if (!plain || isText(text)) return text
  const yaml = jsYaml()
  types ??= typesOf(yaml)
  for (const tag of types) {
    const value: unknown = tag.resolve(text, false, tag.tagName)
    if (value !== yaml.NOT_RESOLVED) return value
  }
  return text
}

export const isNull = (node: YamlNode): boolean => node.kind === 'scalar' && resolveScalar(node) === null

/** `y`, `no`, `1e3` and `012` become booleans and numbers for some readers, as map keys too. */
export const readsAsString = (node: ScalarNode): boolean => typeof resolveScalar(node) === 'string'

/**
 * JavaScript data of a node: mappings are objects without a prototype (`__proto__` is a legal data key). `oddKeys` are
 * the keys that some reader would take for something else than the string that was written.
 */
export function toPlain(root: YamlNode, most = MAX_NODES): { data: unknown; oddKeys: Problem[] } {
  const oddKeys: Problem[] = []
  let visited = 0

  function convert(node: YamlNode, path: readonly (string | number)[]): unknown {
    visited += 1
    if (visited > most) throw tooManyNodes()
    if (node.kind === 'scalar') return resolveScalar(node)
    if (node.kind === 'sequence') return node.items.map((item, i) => convert(item, [...path, i]))
    const object: Record<string, unknown> = Object.create(null)
    for (const { key, value } of node.entries) {
      const at = [...path, key.text]
      if (!readsAsString(key))
        oddKeys.push({
          path: at,
          reason: 'the key must be quoted: some YAML readers take it for another type',
        })
      object[key.text] = convert(value, at)
    }
    return object
  }

  return { data: convert(root, []), oddKeys }
}
