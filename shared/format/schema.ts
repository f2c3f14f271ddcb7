import { SCOPES, type Scope } from '../crypto/bound.ts'
import { NONCE_BYTES, TAG_BYTES } from '../crypto/box.ts'
import { DEK_BYTES, envelopeId, SUITE } from '../crypto/envelope.ts'
import { paddedLength } from '../crypto/padding.ts'
import { CIPHERTEXT_BYTES } from '../crypto/xwing.ts'
import { type Path, type Problem, pathText, SealError } from '../errors.ts'
import {
  isDataKey,
  isNamespaceName,
  isObjectName,
  MAX_ENVELOPES,
  MAX_RECIPIENTS,
  MAX_VALUE_BYTES,
  METADATA_FIELDS,
} from './limits.ts'
import { type Reader, reader } from './reader.ts'
import {
  API_VERSION,
  type Envelope,
  type Recipient,
  type SealedSecret,
  type SealedValue,
} from './sealed-secret.ts'
import { readTemplate } from './template-schema.ts'

/** Everything that can be wrong without looking at a key; throws one `malformed` that lists all of it. */
export function readSealedSecret(data: unknown, known: readonly Problem[] = []): SealedSecret {
  const r = reader()
  for (const { path, reason } of known) if (mustBeString(path)) r.note(path, reason)
  const root = r.fields(data, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status'])
  if (root && root.apiVersion !== API_VERSION) r.note(['apiVersion'], `must be ${API_VERSION}`)
  if (root && root.kind !== 'SealedSecret') r.note(['kind'], 'must be SealedSecret')
  const metadata = r.fields(root?.metadata, ['metadata'], METADATA_FIELDS) ?? {}
  const spec = r.fields(root?.spec, ['spec'], ['scope', 'envelopes', 'data', 'template']) ?? {}
  const scope = readScope(r, spec.scope)
  const { name, namespace } = readIdentity(r, metadata, scope)
  const envelopes = readEnvelopes(r, spec.envelopes)
  const values = readValues(r, spec.data, envelopes)
  const sealed: SealedSecret = {
    name,
    namespace,
    scope,
    labels: optionalTexts(r, metadata.labels, ['metadata', 'labels']),
    annotations: optionalTexts(r, metadata.annotations, ['metadata', 'annotations']),
    envelopes,
    data: values,
    template: readTemplate(r, spec.template),
  }
  if (r.problems.length > 0) throw malformed(r.problems)
  return sealed
}

function malformed(problems: readonly Problem[]): SealError {
  const [first, ...others] = problems.map(
    ({ path, reason }) => `${pathText(path) || 'the document'}: ${reason}`,
  )
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return new SealError('malformed', `${first}${more}`, { path: problems[0]?.path, problems })
}

/** Keys that the format wants to resolve to strings; elsewhere (labels, say) the API server decides. */
const mustBeString = (path: Path): boolean => path[0] === 'spec'

const optionalTexts = (r: Reader, value: unknown, path: Path): Map<string, string> =>
  value === undefined || value === null ? new Map() : (r.texts(value, path) ?? new Map())

function readScope(r: Reader, value: unknown): Scope {
  const scope = SCOPES.find((known) => known === value)
  if (!scope) r.note(['spec', 'scope'], `must be one of ${SCOPES.join(', ')}`)
  return scope ?? 'strict'
}

function readIdentity(r: Reader, metadata: Record<string, unknown>, scope: Scope) {
  const read = (field: 'name' | 'namespace', needed: boolean, valid: (name: string) => boolean): string => {
    const value = metadata[field] ?? ''
    const path = ['metadata', field]
    if (typeof value !== 'string') r.note(path, 'must be a string; put it in quotes')
    else if (value === '' && needed) r.note(path, `must not be empty under ${scope} scope`)
    else if (value !== '' && !valid(value)) r.note(path, 'is not a name that Kubernetes accepts')
    return typeof value === 'string' ? value : ''
  }
  return {
    name: read('name', scope === 'strict', isObjectName),
    namespace: read('namespace', scope !== 'cluster', isNamespaceName),
  }
}

function readEnvelopes(r: Reader, value: unknown): Envelope[] {
  const path = ['spec', 'envelopes']
  const list = value === undefined ? [] : (r.list(value, path) ?? [])
  if (list.length > MAX_ENVELOPES) r.note(path, `has more than ${MAX_ENVELOPES} envelopes`)
  const envelopes = list.slice(0, MAX_ENVELOPES).map((item, i) => readEnvelope(r, item, [...path, i]))
  noteTwice(
    r,
    path,
    'id',
    envelopes.map(({ id }) => id),
  )
  return envelopes
}

function readEnvelope(r: Reader, value: unknown, path: Path): Envelope {
  const object = r.fields(value, path, ['id', 'suite', 'binding', 'commitment', 'recipients']) ?? {}
  const id = r.text(object.id, [...path, 'id']) ?? ''
  const suite = r.text(object.suite, [...path, 'suite']) ?? ''
  const commitment = r.bytes(object.commitment, [...path, 'commitment'], 32)
  if (commitment && id !== envelopeId(commitment)) r.note([...path, 'id'], "is not the commitment's")
  const at = [...path, 'recipients']
  const list = r.list(object.recipients, at) ?? []
  if (Array.isArray(object.recipients) && list.length === 0) r.note(at, 'must not be empty')
  if (list.length > MAX_RECIPIENTS) r.note(at, `has more than ${MAX_RECIPIENTS} recipients`)
  const recipients = list.slice(0, MAX_RECIPIENTS).map((item, i) => readRecipient(r, item, suite, [...at, i]))
  noteTwice(
    r,
    at,
    'key',
    recipients.map(({ key }) => key),
  )
  return {
    id,
    suite,
    binding: r.text(object.binding, [...path, 'binding']) ?? '',
    commitment: commitment ?? new Uint8Array(),
    recipients,
  }
}

function readRecipient(r: Reader, value: unknown, suite: string, path: Path): Recipient {
  const object = r.fields(value, path, ['key', 'kem', 'wrap']) ?? {}
  // Another suite's lengths are not known here; `unknown-suite` says so in its turn.
  const ours = suite === SUITE
  const kem = r.bytes(object.kem, [...path, 'kem'], ours ? CIPHERTEXT_BYTES : undefined)
  const wrap = r.bytes(object.wrap, [...path, 'wrap'], ours ? DEK_BYTES + TAG_BYTES : undefined)
  const key = r.text(object.key, [...path, 'key'])
  return { key: key ?? '', kem: kem ?? new Uint8Array(), wrap: wrap ?? new Uint8Array() }
}

function noteTwice(r: Reader, path: Path, field: string, values: readonly string[]): void {
  values.forEach((value, i) => {
    if (values.indexOf(value) < i) r.note([...path, i, field], 'stands twice')
  })
}

function readValues(r: Reader, value: unknown, envelopes: readonly Envelope[]): Map<string, SealedValue> {
  const path = ['spec', 'data']
  const suites = new Map(envelopes.map(({ id, suite }) => [id, suite]))
  const values = new Map<string, SealedValue>()
  let least = 0
  for (const [key, text] of value === undefined ? [] : (r.texts(value, path) ?? [])) {
    const at = [...path, key]
    if (!isDataKey(key)) r.note(at, 'is not a data key that Kubernetes accepts')
    const dot = text.indexOf('.')
    const envelope = text.slice(0, Math.max(0, dot))
    const suite = suites.get(envelope)
    if (suite === undefined) r.note(at, 'names no listed envelope')
    const sealed = r.bytes(text.slice(dot + 1), at)
    if (!sealed) continue
    const padded = sealed.length - NONCE_BYTES - TAG_BYTES
    if (suite === SUITE && (padded < 32 || paddedLength(padded) !== padded))
      r.note(at, 'has a length that no value can have')
    // The shortest value under a padding that adds at most an eighth; the exact sum is known only after opening.
    least += padded > 32 ? padded - (padded >> 3) : 0
    values.set(key, { envelope, sealed })
  }
  if (least > MAX_VALUE_BYTES) r.note(path, `holds more than ${MAX_VALUE_BYTES} bytes`)
  const used = new Set([...values.values()].map(({ envelope }) => envelope))
  envelopes.forEach(({ id }, i) => {
    if (!used.has(id)) r.note(['spec', 'envelopes', i], 'is used by no value')
  })
  return values
}
