import { checkSecret } from '../check/check-secret.ts'
import type { Note } from '../check/finding.ts'
import type { CheckedSecret } from '../check/secret-problem.ts'
import type { CheckCode } from '../check-codes/all.ts'
import { fieldOf } from '../format/nodes.ts'
import { type MappingNode, nodeAt, type YamlNode } from '../format/yaml.ts'

type Fields = readonly string[]

/** How the values of Secrets are checked. */
export interface CheckTerms {
  /** Milliseconds. */
  now: number
  /** Codes that are accepted, once and for this call. */
  allow?: readonly CheckCode[] | undefined
  /** Codes that the policy accepts. */
  policyAllow?: readonly CheckCode[] | undefined
}

/** Where the parts of a Secret stand in a document: its own fields, or those of a SealedSecret's template. */
export interface Layout {
  /** The fields that may hold a value; the first that does counts. */
  values: readonly Fields[]
  type: Fields
  annotations: Fields
}

export const PLAIN_LAYOUT: Layout = {
  values: [['stringData'], ['data']],
  type: ['type'],
  annotations: ['metadata', 'annotations'],
}

export const SEALED_LAYOUT: Layout = {
  values: [
    ['spec', 'template', 'data'],
    ['spec', 'data'],
  ],
  type: ['spec', 'template', 'type'],
  annotations: ['spec', 'template', 'metadata', 'annotations'],
}

/**
 * What the checks say of a Secret, each at its place in the document. `own`: what the document itself allows. `used`: those
 * of `terms.allow` without which there would be more to say.
 */
export function checkNotes(
  secret: CheckedSecret,
  root: MappingNode,
  layout: Layout,
  { now, allow = [], policyAllow = [] }: CheckTerms,
  own: readonly CheckCode[],
): { notes: Note[]; used: CheckCode[] } {
  const problems = checkSecret(secret, { now, allow: [...own, ...policyAllow] })
  const given = new Set(allow)
  const notes = problems
    .filter(({ code }) => !given.has(code))
    .map(({ code, severity, key, args }) => ({
      code,
      severity,
      at: nodeAt(root, pathOf(root, layout, code, key)).at,
      args: key === undefined ? args : { key, ...args },
    }))
  const used = problems.filter(({ code }) => given.has(code)).map(({ code }) => code)
  return { notes, used: [...new Set(used)] }
}

function pathOf(root: MappingNode, layout: Layout, code: CheckCode, key: string | undefined): Fields {
  if (code === 'bootstrap-name') return ['metadata', 'name']
  if (code === 'bootstrap-namespace') return ['metadata', 'namespace']
  if (code === 'service-account-name') return layout.annotations
  if (key === undefined) return layout.type
  return valuePath(root, layout, key)
}

/** Where the value of a data key stands; the document itself where it is not there. */
export function valuePath(root: MappingNode, layout: Layout, key: string): Fields {
  const paths = layout.values.map((fields) => [...fields, key])
  return paths.find((path) => isThere(root, path)) ?? []
}

const isThere = (root: MappingNode, path: Fields): boolean =>
  path.reduce<YamlNode | undefined>(fieldOf, root) !== undefined
