import { fromBase64 } from '../../crypto/base64.ts'
import { type Path, type Problem, pathText, SealError } from '../../errors.ts'
import { isDataKey } from '../../format/limits.ts'
import { isNull, toPlain } from '../../format/plain.ts'
import { reader } from '../../format/reader.ts'
import { emptyTemplate, type SealedSecret, type Template } from '../../format/sealed-secret.ts'
import { readTemplate } from '../../format/template-schema.ts'
import { type MappingNode, nodeAt, parseYaml, type ScalarNode, type YamlNode } from '../../format/yaml.ts'
import { BASE64, placeholder } from './buffer-write.ts'
import { commentBehind } from './comments.ts'

/** What somebody made of the text: values to seal, keys to drop, the template as it shall be. */
export interface Typed {
  set: Map<string, Uint8Array>
  unset: string[]
  template: Template
  root: YamlNode
}

/** undefined: nothing is left but comments. Refuses with a path below the text's root. */
export function readBuffer(
  text: string,
  sealed: SealedSecret,
  values: ReadonlyMap<string, Uint8Array> | undefined,
): Typed | undefined {
  const root = parseYaml(text)
  if (!root) return undefined
  if (root.kind !== 'mapping') throw wrong([], 'must have `data:` and `template:`')
  for (const { key } of root.entries)
    if (key.text !== 'data' && key.text !== 'template')
      throw wrong([key.text], 'is neither `data` nor `template`')
  const set = new Map<string, Uint8Array>()
  const kept = new Set<string>()
  for (const { key, value } of dataEntries(root)) {
    kept.add(key.text)
    const bytes = typedValue(text, key, value, sealed)
    if (bytes && !same(bytes, values?.get(key.text))) set.set(key.text, bytes)
  }
  const unset = [...sealed.data.keys()].filter((key) => !kept.has(key))
  return { set, unset, template: typedTemplate(root), root }
}

function dataEntries(root: MappingNode): MappingNode['entries'] {
  const node = root.entries.find(({ key }) => key.text === 'data')?.value
  if (!node || isNull(node)) return []
  if (node.kind !== 'mapping') throw wrong(['data'], 'must be a mapping')
  return node.entries
}

/** undefined: the value that is there stays. */
function typedValue(
  text: string,
  { text: key }: ScalarNode,
  value: YamlNode,
  sealed: SealedSecret,
): Uint8Array | undefined {
  const path = ['data', key]
  if (!isDataKey(key)) throw new SealError('data-key', 'not a data key that Kubernetes accepts', { path })
  if (value.kind !== 'scalar') throw wrong(path, 'must be a single text: put it in quotes')
  if (isNull(value)) throw new SealError('secret-null', `the value of ${key} is null`, { path })
  if (commentBehind(text, path))
    throw new SealError('edit-comment', `a comment stands behind the value of ${key}`, { path })
  const typed = value.text.trim()
  if (/^<sealed\b/.test(typed)) {
    const held = sealed.data.get(key)
    if (held && typed === placeholder(held.envelope)) return undefined
    throw new SealError('edit-placeholder', `\`<sealed …>\` does not stand for a value of ${key}`, { path })
  }
  if (!typed.startsWith(BASE64)) return new TextEncoder().encode(value.text)
  const bytes = fromBase64(typed.slice(BASE64.length).replace(/\s/g, ''))
  if (!bytes)
    throw new SealError('secret-base64', `what stands below ${BASE64} of ${key} is not base64`, {
      path,
      hint: `Write base64 below ${BASE64}, or text without that line.`,
    })
  return bytes
}

function typedTemplate(root: MappingNode): Template {
  const node = root.entries.find(({ key }) => key.text === 'template')?.value
  if (!node || isNull(node)) return emptyTemplate()
  const r = reader()
  const template = readTemplate(r, toPlain(node).data)
  const [first] = r.problems.map(({ path, reason }): Problem => ({ path: path.slice(1), reason }))
  if (first) throw wrong(first.path, first.reason)
  return template
}

const wrong = (path: Path, reason: string): SealError =>
  new SealError('malformed', `${pathText(path) || 'the text'} ${reason}`, {
    path,
    hint: 'Keep its shape: the values under `data`, one text each, and what is not secret under `template`.',
  })

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i])

/** The line of a refusal in the text, from 1. */
export function lineOf(text: string, root: YamlNode | undefined, path: Path): number {
  const at = root ? nodeAt(root, path).at : 0
  return text.slice(0, at).split('\n').length
}
