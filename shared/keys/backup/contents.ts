import { utf8 } from '../../crypto/bytes.ts'
import { SealError } from '../../errors.ts'
import { type Reader, reader } from '../../format/reader.ts'
import { BITNAMI_KEY_LABEL, KEY_LABEL, KEY_TYPE, REWRAP_ANNOTATION } from '../labels.ts'

/** A Secret that holds a private key, as far as it is the same in every cluster. */
export interface KeptSecret {
  name: string
  type: string
  immutable?: true
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** In base64, as the API server gave it. */
  data: Readonly<Record<string, string>>
}

/** What an archive holds. */
export interface KeptKeys {
  /** Where they were. */
  namespace: string
  secrets: readonly KeptSecret[]
}

interface Found {
  metadata: {
    name: string
    labels?: Readonly<Record<string, string>>
    annotations?: Readonly<Record<string, string>>
  }
  type?: string
  immutable?: boolean
  data?: Readonly<Record<string, string>>
}

/** What was meant for that cluster at that time: kubectl's copy of the private key, and a request that is to be carried out. */
const LEFT_OUT: readonly string[] = ['kubectl.kubernetes.io/last-applied-configuration', REWRAP_ANNOTATION]

export const keptSecret = ({ metadata, type = 'Opaque', immutable, data = {} }: Found): KeptSecret => ({
  name: metadata.name,
  type,
  ...(immutable && { immutable }),
  labels: metadata.labels ?? {},
  annotations: Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !LEFT_OUT.includes(name)),
  ),
  data,
})

/** What a controller takes for a key. No other Secret may come out of an archive: one of another type could be a token. */
export const isKeySecret = ({ type, labels }: Pick<KeptSecret, 'type' | 'labels'>): boolean =>
  (type === KEY_TYPE && labels[KEY_LABEL] !== undefined) ||
  (type === 'kubernetes.io/tls' && labels[BITNAMI_KEY_LABEL] !== undefined)

export const contentsBytes = ({ namespace, secrets }: KeptKeys): Uint8Array =>
  utf8(JSON.stringify({ namespace, secrets }))

/** Throws `backup-format`: what was sealed there is not what this version seals. */
export function readContents(bytes: Uint8Array): KeptKeys {
  const r = reader()
  const root = r.fields(parse(bytes), [], ['namespace', 'secrets']) ?? {}
  const namespace = r.text(root.namespace, ['namespace']) ?? ''
  const list = r.list(root.secrets, ['secrets']) ?? []
  const secrets = list.map((one, i) => readSecret(r, one, ['secrets', i]))
  if (r.problems.length > 0) throw unknownContents()
  return { namespace, secrets }
}

function readSecret(r: Reader, value: unknown, path: (string | number)[]): KeptSecret {
  const known = ['name', 'type', 'immutable', 'labels', 'annotations', 'data']
  const { name, type, immutable, ...maps } = r.fields(value, path, known) ?? {}
  const texts = (field: string) => Object.fromEntries(r.texts(maps[field], [...path, field]) ?? [])
  if (immutable !== undefined && immutable !== true) r.note([...path, 'immutable'], 'must be true')
  const secret: KeptSecret = {
    name: r.text(name, [...path, 'name']) ?? '',
    type: r.text(type, [...path, 'type']) ?? '',
    ...(immutable === true && { immutable }),
    labels: texts('labels'),
    annotations: texts('annotations'),
    data: texts('data'),
  }
  if (!isKeySecret(secret)) r.note(path, 'is no key')
  return secret
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw unknownContents()
  }
}

const unknownContents = () =>
  new SealError('backup-format', 'what is sealed in it is not what this version writes')
