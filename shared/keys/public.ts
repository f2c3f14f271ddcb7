import { toBase64 } from '../crypto/base64.ts'
import { SUITE } from '../crypto/envelope.ts'
import { PUBLIC_KEY_BYTES } from '../crypto/xwing.ts'
import { type Problem, pathText, SealError } from '../errors.ts'
import { type Reader, reader } from '../format/reader.ts'
import { API_VERSION } from '../format/sealed-secret.ts'
import { keyId } from './id.ts'
import { KEY_LABEL } from './labels.ts'

/** A sealing key. Only `publicKey` is authenticated by `id`; holder and dates are what somebody wrote. */
export interface SealingKey {
  id: string
  /** The cluster or person it stands for. */
  holder: string
  publicKey: Uint8Array
  /** RFC 3339, UTC. */
  notBefore: string
  /** When a newer key should be sealed to; decryption never expires. */
  notAfter: string
  /** It is marked so, as controllers mark the keys that they publish: not to be sealed to any more. */
  retired?: true
}

/** Checks a `SealingKey` document, without its status, which a cluster adds; throws `key-malformed`, or `key-mismatch` where the id is not its bytes'. */
export function readSealingKey(data: unknown): SealingKey {
  const r = reader()
  const root = r.fields(data, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status']) ?? {}
  if (root.apiVersion !== API_VERSION) r.note(['apiVersion'], `must be ${API_VERSION}`)
  if (root.kind !== 'SealingKey') r.note(['kind'], 'must be SealingKey')
  const metadata = r.fields(root.metadata, ['metadata']) ?? {}
  const spec =
    r.fields(root.spec, ['spec'], ['holder', 'id', 'suite', 'publicKey', 'notBefore', 'notAfter']) ?? {}
  const name = r.text(metadata.name, ['metadata', 'name'])
  if (spec.suite !== SUITE) r.note(['spec', 'suite'], `must be ${SUITE}`)
  const key = {
    id: r.text(spec.id, ['spec', 'id']) ?? '',
    holder: (spec.holder === undefined ? name : r.text(spec.holder, ['spec', 'holder'])) ?? '',
    publicKey: r.bytes(spec.publicKey, ['spec', 'publicKey'], PUBLIC_KEY_BYTES) ?? new Uint8Array(),
    notBefore: readDate(r, spec.notBefore, 'notBefore'),
    notAfter: readDate(r, spec.notAfter, 'notAfter'),
    ...(isRetired(metadata.labels) && { retired: true as const }),
  }
  if (r.problems.length > 0) throw keyMalformed('SealingKey', r.problems)
  if (key.id !== keyId(key.publicKey))
    throw new SealError('key-mismatch', "the id is not the one that the key's bytes give", {
      path: ['spec', 'id'],
    })
  return key
}

/** Whatever else labels are, they are the cluster's, and are not looked at. */
const isRetired = (labels: unknown): boolean =>
  typeof labels === 'object' &&
  labels !== null &&
  Object.getOwnPropertyDescriptor(labels, KEY_LABEL)?.value === 'retired'

export function keyMalformed(kind: string, problems: readonly Problem[]): SealError {
  const [first] = problems
  const words = first ? `${pathText(first.path) || 'the document'}: ${first.reason}` : 'unreadable'
  return new SealError('key-malformed', `${kind}: ${words}`, { path: first?.path, problems })
}

function readDate(r: Reader, value: unknown, field: string): string {
  const path = ['spec', field]
  const text = r.text(value, path) ?? ''
  const valid = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text))
  if (text !== '' && !valid) r.note(path, 'is not an RFC 3339 time in UTC')
  return text
}

/** `metadata.name` is the holder in a file and the key's id in a cluster. */
export function sealingKeyObject(key: SealingKey, name: string): Record<string, unknown> {
  return {
    apiVersion: API_VERSION,
    kind: 'SealingKey',
    metadata: { name },
    spec: {
      ...(key.holder === name ? {} : { holder: key.holder }),
      id: key.id,
      suite: SUITE,
      publicKey: toBase64(key.publicKey),
      notBefore: key.notBefore,
      notAfter: key.notAfter,
    },
  }
}
