import type { Finding } from '../../check/finding.ts'
import type { Path } from '../../errors.ts'
import type { ScalarNode, YamlNode } from '../../format/yaml.ts'
import { findingAt, type SourceDocument } from '../documents.ts'

/** Our own templates have the same braces, in these places alone. */
const OURS = /^spec\.template\.data\./

/** A Helm action in an object that happens to be YAML nevertheless: in quotes, say. */
export function helmFinding(source: SourceDocument, node: YamlNode): Finding | undefined {
  const action = actionIn(node, [])
  if (!action) return undefined
  return findingAt(source, {
    code: 'helm-template',
    severity: 'fail',
    at: action.at,
    args: { reason: 'a Helm template, and not yet a manifest' },
  })
}

function actionIn(node: YamlNode, path: Path): ScalarNode | undefined {
  if (node.kind === 'scalar') return node.text.includes('{{') && !OURS.test(path.join('.')) ? node : undefined
  if (node.kind === 'sequence') return firstOf(node.items, (item, i) => actionIn(item, [...path, i]))
  return firstOf(
    node.entries,
    ({ key, value }) => actionIn(key, path) ?? actionIn(value, [...path, key.text]),
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
