import type { Finding } from '../check/finding.ts'
import type { Path } from '../errors.ts'
import type { ScalarNode, YamlNode } from '../format/yaml.ts'
import { findingAt, type SourceDocument } from './documents.ts'

/** Whether a text with braces at this place may be meant as it stands. */
type MayStand = (path: string, text: string) => boolean

/** Our own templates have the same braces, in these places alone. */
const inSealed: MayStand = (path) => /^spec\.template\.data\./.test(path)

/** Values and annotations may be templates of other programs; what is nothing but a value of a chart is not. */
const inPlain: MayStand = (path, text) =>
  /^(stringData|metadata\.annotations)\./.test(path) && !CHART_VALUE.test(text)

const CHART_VALUE = /^\s*\{\{[^{}]*\.(Values|Release|Chart|Capabilities)\b[^{}]*\}\}\s*$/

/** A Helm action in a SealedSecret that happens to be YAML nevertheless: in quotes, say. */
export const helmFinding = (source: SourceDocument, node: YamlNode): Finding | undefined =>
  found(source, node, inSealed)

/** The same in a Secret. */
export const helmFindingInSecret = (source: SourceDocument, node: YamlNode): Finding | undefined =>
  source.text.includes('{{') ? found(source, node, inPlain) : undefined

function found(source: SourceDocument, node: YamlNode, mayStand: MayStand): Finding | undefined {
  const action = actionIn(node, [], mayStand)
  if (!action) return undefined
  return findingAt(source, {
    code: 'helm-template',
    severity: 'fail',
    at: action.at,
    args: { reason: 'a Helm template, and not yet a manifest' },
  })
}

function actionIn(node: YamlNode, path: Path, mayStand: MayStand): ScalarNode | undefined {
  if (node.kind === 'scalar')
    return node.text.includes('{{') && !mayStand(path.join('.'), node.text) ? node : undefined
  if (node.kind === 'sequence')
    return firstOf(node.items, (item, i) => actionIn(item, [...path, i], mayStand))
  return firstOf(
    node.entries,
    ({ key, value }) => actionIn(key, path, mayStand) ?? actionIn(value, [...path, key.text], mayStand),
  )
}

function firstOf<T>(
  list: readonly T[],
  look: (item: T, index: number) => ScalarNode | undefined,
): ScalarNode | undefined {
  for (const [i, item] of list.entries()) {
    const found = look(item, i)
    if (found) return found
  }
  return undefined
}
