import type { Node } from 'js-yaml'
import { toBase64 } from '../crypto/base64.ts'
import { astOfObject, presentAst } from './ast.ts'
import { SCALAR_STYLE } from './js-yaml/styles.ts'
import { API_VERSION, type SealedSecret, type SealedValue, type Template } from './sealed-secret.ts'

/** The object as JSON data, in the order in which people read it. */
export function sealedSecretObject(sealed: SealedSecret): Record<string, unknown> {
  const template = templateObject(sealed.template)
  return {
    apiVersion: API_VERSION,
    kind: 'SealedSecret',
    metadata: {
      ...(sealed.name === '' ? {} : { name: sealed.name }),
      ...(sealed.namespace === '' ? {} : { namespace: sealed.namespace }),
      ...optionalMap('labels', sealed.labels),
      ...optionalMap('annotations', sealed.annotations),
    },
    spec: {
      scope: sealed.scope,
      envelopes: sealed.envelopes.map(({ id, suite, binding, commitment, recipients }) => ({
        id,
        suite,
        binding,
        commitment: toBase64(commitment),
        recipients: recipients.map(({ key, kem, wrap }) => ({
          key,
          kem: toBase64(kem),
          wrap: toBase64(wrap),
        })),
      })),
      data: objectOf([...sealed.data].map(([name, value]) => [name, valueText(value)])),
      ...(template ? { template } : {}),
    },
  }
}

export const valueText = ({ envelope, sealed }: SealedValue): string => `${envelope}.${toBase64(sealed)}`

function templateObject({ type, immutable, labels, annotations, data }: Template) {
  const metadata = { ...optionalMap('labels', labels), ...optionalMap('annotations', annotations) }
  const template = {
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...optionalMap('data', data),
  }
  return Object.keys(template).length > 0 ? template : undefined
}

const optionalMap = (field: string, map: ReadonlyMap<string, string>) =>
  map.size > 0 ? { [field]: objectOf([...map]) } : {}

/** Without a prototype: `__proto__` is a legal key, and assigning it to a plain object would lose it. */
function objectOf(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const object: Record<string, string> = Object.create(null)
  for (const [key, value] of entries) object[key] = value
  return object
}

/** YAML text of one object; what is sealed is double-quoted, so that no reader takes it for another type. */
export const yamlText = (object: unknown): string => presentAst(quotedAst(object))

/** The same as a tree, to be put into a larger one. */
export function quotedAst(object: unknown): Node {
  const root = astOfObject(object)
  const spec = field(root, 'spec')
  const envelopes = spec && field(spec, 'envelopes')
  const data = spec && field(spec, 'data')
  if (envelopes) quoteAll(envelopes, false)
  if (data) quoteAll(data, true)
  return root
}

function field(node: Node, name: string): Node | undefined {
  if (node.kind !== 'mapping') return undefined
  return node.items.find(({ key }) => key.kind === 'scalar' && key.value === name)?.value
}

/** Field names of envelopes and recipients are the format's own and stay bare; the data keys are the user's. */
export function quoteAll(node: Node, keysToo: boolean): void {
  if (node.kind === 'scalar') node.style = SCALAR_STYLE.DOUBLE_QUOTED
  if (node.kind === 'sequence') for (const item of node.items) quoteAll(item, keysToo)
  if (node.kind === 'mapping')
    for (const { key, value } of node.items) {
      if (keysToo) quoteAll(key, keysToo)
      quoteAll(value, keysToo)
    }
}
