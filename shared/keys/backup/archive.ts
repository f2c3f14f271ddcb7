import { primitives } from '#primitives'
import { toBase64 } from '../../crypto/base64.ts'
import { NONCE_BYTES, TAG_BYTES } from '../../crypto/box.ts'
import { utf8 } from '../../crypto/bytes.ts'
import { DEK_BYTES, SUITE } from '../../crypto/envelope.ts'
import { CIPHERTEXT_BYTES } from '../../crypto/xwing.ts'
import { SealError } from '../../errors.ts'
import { toPlain } from '../../format/plain.ts'
import { type Reader, reader } from '../../format/reader.ts'
import { API_VERSION } from '../../format/sealed-secret.ts'
import { yamlText } from '../../format/write.ts'
import { parseYaml } from '../../format/yaml.ts'
import { isKeyId } from '../id.ts'

/**
 * How a passphrase is stretched: RFC 7914, with 128 MiB for each guess. Any other numbers are refused, so that an archive can
 * neither ask for all of the memory nor be made cheap to guess.
 */
export const SCRYPT = { N: 131_072, r: 8, p: 1 } as const
export const SALT_BYTES = 16
const WRAP_BYTES = DEK_BYTES + TAG_BYTES

/** An archive, closed. */
export interface BackupArchive {
  /** RFC 3339, UTC. */
  created: string
  /** The data key under a passphrase. */
  passphrase?: { salt: Uint8Array; wrap: Uint8Array }
  /** The data key for public keys, as in a SealedSecret. */
  recipients: readonly { key: string; kem: Uint8Array; wrap: Uint8Array }[]
  commitment: Uint8Array
  /** The nonce, then the box. */
  payload: Uint8Array
}

const HEAD = `apiVersion: ${API_VERSION}\nkind: KeyBackup\n`
const END = /^ {2}sha256: "([^"\n]*)"\n$/

/** One YAML document; its last line is a checksum of all that stands before it. */
export function archiveText({ created, passphrase, recipients, commitment, payload }: BackupArchive): string {
  const body = yamlText({
    apiVersion: API_VERSION,
    kind: 'KeyBackup',
    spec: {
      created,
      suite: SUITE,
      ...(passphrase && {
        passphrase: {
          kdf: 'scrypt',
          ...SCRYPT,
          salt: toBase64(passphrase.salt),
          wrap: toBase64(passphrase.wrap),
        },
      }),
      recipients: recipients.map(({ key, kem, wrap }) => ({
        key,
        kem: toBase64(kem),
        wrap: toBase64(wrap),
      })),
      commitment: toBase64(commitment),
      payload: toBase64(payload),
    },
  })
  return `${body}  sha256: "${checksum(body)}"\n`
}

const checksum = (body: string): string => toBase64(primitives.sha256(utf8(body)))

/**
 * Throws `backup-damaged` where the text is not whole, which takes no key to see, and `backup-format` where it is no archive or
 * not one of this version's. Line ends of Windows do no harm.
 */
export function readArchive(given: string): BackupArchive {
  const text = given.replaceAll('\r\n', '\n')
  if (HEAD.startsWith(text)) throw damaged('is cut off: next to nothing is left of it')
  if (!text.startsWith(HEAD)) throw format('is not a key backup')
  const end = text.lastIndexOf('\n', text.length - 2) + 1
  const stated = END.exec(text.slice(end))?.[1]
  if (stated === undefined) throw damaged('is cut off: its end is missing')
  const body = text.slice(0, end)
  if (stated !== checksum(body)) throw damaged('is damaged: its checksum is not that of its bytes')
  return readBody(body)
}

function readBody(body: string): BackupArchive {
  const r = reader()
  let data: unknown
  try {
    const node = parseYaml(body)
    data = node && toPlain(node).data
  } catch (error) {
    if (error instanceof SealError) throw format('is no YAML, though its checksum is right')
    throw error
  }
  const root = r.fields(data, [], ['apiVersion', 'kind', 'spec']) ?? {}
  const known = ['created', 'suite', 'passphrase', 'recipients', 'commitment', 'payload']
  const spec = r.fields(root.spec, ['spec'], known) ?? {}
  if (spec.suite !== SUITE) r.note(['spec', 'suite'], `must be ${SUITE}`)
  const passphrase = spec.passphrase === undefined ? undefined : readPassphrase(r, spec.passphrase)
  const list = r.list(spec.recipients, ['spec', 'recipients']) ?? []
  const payload = r.bytes(spec.payload, ['spec', 'payload']) ?? new Uint8Array()
  if (payload.length < NONCE_BYTES + TAG_BYTES) r.note(['spec', 'payload'], 'is too short')
  const archive = {
    created: r.text(spec.created, ['spec', 'created']) ?? '',
    ...(passphrase && { passphrase }),
    recipients: list.map((one, i) => readRecipient(r, one, ['spec', 'recipients', i])),
    commitment: bytes(r, spec.commitment, ['spec', 'commitment'], 32),
    payload,
  }
  const [first] = r.problems
  if (first) throw format(`is not of a form that this version reads: ${first.path.join('.')} ${first.reason}`)
  return archive
}

function readPassphrase(r: Reader, value: unknown): NonNullable<BackupArchive['passphrase']> {
  const path = ['spec', 'passphrase']
  const found = r.fields(value, path, ['kdf', 'N', 'r', 'p', 'salt', 'wrap']) ?? {}
  for (const [name, wanted] of Object.entries({ kdf: 'scrypt', ...SCRYPT }))
    if (found[name] !== wanted) r.note([...path, name], `must be ${wanted}`)
  return {
    salt: bytes(r, found.salt, [...path, 'salt'], SALT_BYTES),
    wrap: bytes(r, found.wrap, [...path, 'wrap'], WRAP_BYTES),
  }
}

function readRecipient(r: Reader, value: unknown, path: (string | number)[]) {
  const found = r.fields(value, path, ['key', 'kem', 'wrap']) ?? {}
  const key = r.text(found.key, [...path, 'key']) ?? ''
  if (!isKeyId(key)) r.note([...path, 'key'], 'is not a key id')
  return {
    key,
    kem: bytes(r, found.kem, [...path, 'kem'], CIPHERTEXT_BYTES),
    wrap: bytes(r, found.wrap, [...path, 'wrap'], WRAP_BYTES),
  }
}

const bytes = (r: Reader, value: unknown, path: (string | number)[], length: number): Uint8Array =>
  r.bytes(value, path, length) ?? new Uint8Array()

export const damaged = (words: string) => new SealError('backup-damaged', words)
const format = (words: string) => new SealError('backup-format', words)
