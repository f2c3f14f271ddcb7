import { fromBase64, toBase64 } from '../../../shared/crypto/base64.ts'
import { utf8 } from '../../../shared/crypto/bytes.ts'

/** What has to be told to whoever wrapped a seed so that it opens again: `data.wrappedBy` of a key Secret, as JSON. */
export type WrappedBy = KmsWrap | TransitWrap

interface KmsWrap {
  provider: 'kms-v2'
  /** The `key_id` that the plugin gave. */
  keyId: string
  /** What the plugin wants to see again, in base64. */
  annotations: Record<string, string>
}

interface TransitWrap {
  provider: 'transit'
  namespace?: string
  mount: string
  key: string
  version: number
  /** The transit key is derived, so that the context is needed as well. */
  derived?: true
}

/** The bounds of the KMS v2 API (apis/v2/api.proto of k8s.io/kms). */
const MAX_KEY_ID_BYTES = 1024
const MAX_ANNOTATION_BYTES = 32 * 1024
const MAX_RECORD_BYTES = 64 * 1024

const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/
const NAME = /^[\w.-]{1,128}$/
const PATH = /^[\w.-]{1,128}(\/[\w.-]{1,128}){0,15}$/

export const isTransitName = (name: string): boolean => NAME.test(name) && !onlyDots(name)
export const isVaultPath = (path: string): boolean => PATH.test(path) && !path.split('/').some(onlyDots)
// A URL would take them for steps.
const onlyDots = (step: string): boolean => /^\.+$/.test(step)

/** As it stands in the Secret. */
export const writeWrappedBy = (by: WrappedBy): string => toBase64(utf8(JSON.stringify(by)))

/** `unknown`: there may be a key, wrapped by somebody that this version does not know. Undefined: it is none of ours. */
export function readWrappedBy(base64: string): WrappedBy | 'unknown' | undefined {
  const bytes = fromBase64(base64)
  if (!bytes || bytes.length > MAX_RECORD_BYTES) return undefined
  const record = parse(bytes)
  if (typeof record?.provider !== 'string') return undefined
  if (record.provider === 'kms-v2') return kmsWrap(record)
  if (record.provider === 'transit') return transitWrap(record)
  return 'unknown'
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasOnly = (record: object, fields: readonly string[]): boolean =>
  Object.keys(record).every((field) => fields.includes(field))

function kmsWrap(record: Record<string, unknown>): KmsWrap | undefined {
  const { keyId, annotations } = record
  if (!hasOnly(record, ['provider', 'keyId', 'annotations'])) return undefined
  if (typeof keyId !== 'string' || !isKeyId(keyId) || !isRecord(annotations)) return undefined
  const decoded = new Map<string, Uint8Array>()
  for (const [name, value] of Object.entries(annotations)) {
    const bytes = typeof value === 'string' ? fromBase64(value) : undefined
    if (!bytes) return undefined
    decoded.set(name, bytes)
  }
  return areAnnotations(decoded)
    ? { provider: 'kms-v2', keyId, annotations: annotations as Record<string, string> }
    : undefined
}

export const isKeyId = (keyId: string): boolean => keyId !== '' && utf8(keyId).length <= MAX_KEY_ID_BYTES

export function areAnnotations(annotations: ReadonlyMap<string, Uint8Array>): boolean {
  let size = 0
  for (const [name, value] of annotations) {
    if (name.length > 253 || !DNS_NAME.test(name)) return false
    size += name.length + value.length
  }
  return size <= MAX_ANNOTATION_BYTES
}

function transitWrap(record: Record<string, unknown>): TransitWrap | undefined {
  const { namespace, mount, key, version, derived } = record
  if (!hasOnly(record, ['provider', 'namespace', 'mount', 'key', 'version', 'derived'])) return undefined
  if (namespace !== undefined && !(typeof namespace === 'string' && isVaultPath(namespace))) return undefined
  if (typeof mount !== 'string' || !isVaultPath(mount)) return undefined
  if (typeof key !== 'string' || !isTransitName(key)) return undefined
  if (!Number.isSafeInteger(version) || (version as number) < 1) return undefined
  if (derived !== undefined && derived !== true) return undefined
  return {
    provider: 'transit',
    ...(namespace !== undefined && { namespace }),
    mount,
    key,
    version: version as number,
    ...(derived === true && { derived }),
  }
}
