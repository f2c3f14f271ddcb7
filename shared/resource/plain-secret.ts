import { nearest } from '../check/nearest.ts'
import type { CheckCode } from '../check-codes/all.ts'
import { SealError } from '../errors.ts'
import { METADATA_FIELDS } from '../format/limits.ts'
import { entryOf, type Kind } from '../format/nodes.ts'
import { isNull, resolveScalar } from '../format/plain.ts'
import type { Template } from '../format/sealed-secret.ts'
import type { MappingNode, YamlNode } from '../format/yaml.ts'
import { nodeAt } from '../format/yaml.ts'
import { takeAllowed } from './allowed.ts'
import { checkTemplate } from './reserved.ts'
import { type SecretNotes, secretNotes } from './secret-notes.ts'
import { mappingAt, textAt, textsAt } from './secret-texts.ts'
import { readValues } from './secret-values.ts'

/** A Secret as a manifest has it, its values decoded. */
export interface PlainSecret {
  /** '' where the manifest states none. */
  name: string
  namespace: string
  type?: string
  immutable?: boolean
  labels: Map<string, string>
  annotations: Map<string, string>
  data: Map<string, Uint8Array>
  /** Codes of checks that the manifest allows. */
  allow: readonly CheckCode[]
}

const FIELDS = ['apiVersion', 'kind', 'metadata', 'data', 'stringData', 'type', 'immutable']
/** `kubectl apply` keeps the whole manifest in it, plain values included. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** A core Secret, or what can only be meant as one: missing its version, or of a misspelt kind. */
export function isSecret({ apiVersion, kind }: Kind): boolean {
  return kind.toLowerCase() === 'secret' && !apiVersion.includes('/')
}

/**
 * Reads a Secret from its node tree, because only that tells the text of a scalar from its type. What the server set (uid, managedFields …) is left behind.
 */
export function readPlainSecret(root: MappingNode): { secret: PlainSecret; notes: SecretNotes } {
  const notes = secretNotes()
  checkFields(notes, root, FIELDS, '')
  checkKind(notes, root)
  const field = (name: string) => entryOf(root, name)?.value
  const metadataNode = field('metadata')
  const metadata = metadataNode && mappingAt(notes, metadataNode, 'metadata')
  if (metadata) checkFields(notes, metadata, METADATA_FIELDS, 'metadata.')
  const below = (name: string) => metadata && entryOf(metadata, name)?.value
  const secret: PlainSecret = {
    name: optionalText(notes, below('name'), 'metadata.name') ?? '',
    namespace: optionalText(notes, below('namespace'), 'metadata.namespace') ?? '',
    labels: stringMap(notes, below('labels'), 'metadata.labels'),
    annotations: stringMap(notes, below('annotations'), 'metadata.annotations'),
    data: readValues(notes, field('data'), field('stringData')),
    allow: [],
  }
  secret.allow = takeAllowed(notes, root, secret.annotations)
  secret.annotations.delete(LAST_APPLIED)
  const type = optionalText(notes, field('type'), 'type')
  if (type !== undefined && type !== '') secret.type = type
  const immutable = optionalBoolean(notes, field('immutable'), 'immutable')
  if (immutable !== undefined) secret.immutable = immutable
  checkReserved(notes, root, secret)
  return { secret, notes }
}

/** What the Secret has besides its values; it goes into the SealedSecret's template, in clear. */
export function templateOf({ type, immutable, labels, annotations }: PlainSecret): Template {
  return {
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    labels,
    annotations,
    data: new Map(),
  }
}

function checkKind(notes: SecretNotes, root: MappingNode): void {
  for (const [name, expected] of [
    ['apiVersion', 'v1'],
    ['kind', 'Secret'],
  ] as const) {
    const node = entryOf(root, name)?.value
    if (node?.kind !== 'scalar' || node.text !== expected)
      notes.fail('secret-field', node ?? root, { field: name, problem: 'constant', expected })
  }
}

function checkFields(notes: SecretNotes, node: MappingNode, known: readonly string[], prefix: string): void {
  for (const { key } of node.entries) {
    if (known.includes(key.text)) continue
    // Only a misspelt name is shown: bad indentation makes keys of the lines of a value.
    const meant = nearest(key.text, known)
    const field = meant === undefined ? {} : { field: `${prefix}${key.text}`, meant: `${prefix}${meant}` }
    notes.fail('secret-field', key, { problem: 'unknown', ...field })
  }
}

function optionalText(notes: SecretNotes, node: YamlNode | undefined, field: string): string | undefined {
  if (!node || (node.kind === 'scalar' && isNull(node))) return undefined
  return textAt(notes, node, field)
}

function optionalBoolean(notes: SecretNotes, node: YamlNode | undefined, field: string): boolean | undefined {
  if (!node || isNull(node)) return undefined
  const value = node.kind === 'scalar' && /^(true|false)$/.test(node.text) ? resolveScalar(node) : undefined
  return typeof value === 'boolean' ? value : notes.fail('secret-field', node, { field, problem: 'boolean' })
}

const stringMap = (notes: SecretNotes, node: YamlNode | undefined, field: string): Map<string, string> =>
  new Map(textsAt(notes, node, field).map(({ key, text }) => [key.text, text]))

function checkReserved(notes: SecretNotes, root: MappingNode, secret: PlainSecret): void {
  try {
    checkTemplate(templateOf(secret))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    // The refusal speaks of the SealedSecret's template; here it is the Secret's own field.
    const path = (error.path ?? []).slice(2)
    const field =
      path[0] === 'metadata' ? `${path[1] === 'labels' ? 'label' : 'annotation'} ${path[2]}` : 'type'
    notes.fail('reserved', nodeAt(root, path), { field })
  }
}
