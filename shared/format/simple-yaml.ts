import { isWord } from './word.ts'
import type { MappingNode, ScalarNode } from './yaml.ts'

/** `key:`, `key: plain words` or `key: "quoted"`; whatever may mean more than its letters is left out. */
const LINE =
  /( *)([A-Za-z][-\w./]{0,99}):(?: (?:"([ !#-[\]-~]*)"|([A-Za-z0-9](?:[-\w+/=.@:#,;%!&*() ]*[-\w+/=.@,;%!&*()])?)))?\n/y

/** Manifests that people write stay far below; what is deeper goes to the parser and its limits. */
const DEEPEST = 20

/**
 * Most manifests and all key files are mappings of words and texts, a line each. This reads just those, as the YAML parser
 * would and many times faster to start; undefined for every other text, faulty ones too.
 */
export function parseSimpleYaml(text: string): MappingNode | undefined {
  const root: MappingNode = { kind: 'mapping', entries: [], at: 0 }
  const open = [{ indent: 0, mapping: root, keys: new Set<string>() }]
  let parent: { indent: number; key: ScalarNode; mapping: MappingNode } | undefined
  LINE.lastIndex = 0
  for (let at = 0; at < text.length; at = LINE.lastIndex) {
    const [, { length: indent } = '', name = '', quoted, plain] = LINE.exec(text) ?? [undefined, '']
    // A mapping or a comment within the text is not for this reader.
    if (!isWord(name) || (plain !== undefined && /: | #/.test(plain))) return undefined
    const keyAt = at + indent
    if (parent) {
      if (indent <= parent.indent || open.length > DEEPEST) return undefined
      const mapping: MappingNode = { kind: 'mapping', entries: [], at: keyAt }
      parent.mapping.entries.push({ key: parent.key, value: mapping })
      open.push({ indent, mapping, keys: new Set() })
      parent = undefined
    }
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) > indent) open.pop()
    const here = open.at(-1)
    if (here?.indent !== indent || here.keys.has(name)) return undefined
    here.keys.add(name)
    const key: ScalarNode = { kind: 'scalar', text: name, plain: true, at: keyAt }
    const valueAt = keyAt + name.length + 2
    if (quoted !== undefined)
      here.mapping.entries.push({
        key,
        value: { kind: 'scalar', text: quoted, plain: false, at: valueAt + 1 },
      })
    else if (plain !== undefined)
      here.mapping.entries.push({ key, value: { kind: 'scalar', text: plain, plain: true, at: valueAt } })
    else parent = { indent, key, mapping: here.mapping }
  }
  return parent || root.entries.length === 0 ? undefined : root
}
