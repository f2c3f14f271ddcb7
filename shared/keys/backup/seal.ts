import { primitives } from '#primitives'
import { box, NONCE_BYTES, openBox } from '../../crypto/box.ts'
import { concat, enc, utf8 } from '../../crypto/bytes.ts'
import { deriver } from '../../crypto/derive.ts'
import { DEK_BYTES, openWrap, SUITE, wrapFor, ZERO_NONCE } from '../../crypto/envelope.ts'
import type { MlKem } from '../../crypto/kem/types.ts'
import type { Random } from '../../crypto/xwing.ts'
import { SealError } from '../../errors.ts'
import type { PrivateKeys } from '../../format/unseal.ts'
import { type BackupArchive, damaged, SALT_BYTES, SCRYPT } from './archive.ts'
import { contentsBytes, type KeptKeys, readContents } from './contents.ts'

/** scrypt with the numbers of `SCRYPT`; 32 bytes. */
export type Stretch = (passphrase: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>

/** What opens an archive; any one of them does. */
export interface Locks {
  passphrase?: string
  recipients: readonly { id: string; publicKey: Uint8Array }[]
}

export interface BackupParts {
  kem: MlKem
  stretch: Stretch
  random: Random
  /** RFC 3339, UTC. */
  created: string
}

/** Seals keys into an archive; throws `key-malformed` for a recipient whose public key is none. */
export async function sealBackup(
  keys: KeptKeys,
  { passphrase, recipients }: Locks,
  { kem, stretch, random, created }: BackupParts,
): Promise<BackupArchive> {
  const dek = random(DEK_BYTES)
  const commitment = commit(dek)
  const wrapped = recipients.map(async ({ id, publicKey }) => {
    const wrap = await wrapFor(kem, { id, publicKey }, { dek, commitment }, random)
    if (!wrap) throw new SealError('key-malformed', `the public key ${id} is not a valid one`)
    return { key: id, ...wrap }
  })
  const wraps = await Promise.all(wrapped)
  const header = {
    created,
    ...(passphrase !== undefined && {
      passphrase: await lock(passphrase, dek, commitment, random(SALT_BYTES), stretch),
    }),
    recipients: wraps,
    commitment,
  }
  const nonce = random(NONCE_BYTES)
  const boxed = box(payloadKey(dek, header), nonce, contentsBytes(keys))
  return { ...header, payload: concat(nonce, boxed) }
}

/** With a passphrase; throws `backup-passphrase` where it is another one. */
export async function openByPassphrase(
  archive: BackupArchive,
  passphrase: string,
  stretch: Stretch,
): Promise<KeptKeys> {
  const { passphrase: locked, commitment } = archive
  if (!locked) throw new SealError('backup-recipient', 'was not made with a passphrase')
  const kek = passphraseKey(await stretch(passphraseBytes(passphrase), locked.salt), commitment)
  const dek = openBox(kek, ZERO_NONCE, locked.wrap)
  if (!dek) throw new SealError('backup-passphrase', 'the passphrase is not the one that it was made with')
  return openWith(archive, dek)
}

/** With private keys; throws `backup-recipient` where none of them is a recipient's. */
export async function openByKeys(archive: BackupArchive, keys: PrivateKeys): Promise<KeptKeys> {
  for (const entry of archive.recipients) {
    const key = keys.get(entry.key)
    if (!key) continue
    const dek = await openWrap(key, entry.key, entry, archive.commitment)
    if (!dek) throw damaged('was changed: what is in it for the private key does not open')
    return openWith(archive, dek)
  }
  throw new SealError('backup-recipient', 'none of the private keys at hand opens it')
}

function openWith(archive: BackupArchive, dek: Uint8Array): KeptKeys {
  const { payload, commitment } = archive
  const nonce = payload.slice(0, NONCE_BYTES)
  const known = primitives.equal(commit(dek), commitment)
  const bytes = known ? openBox(payloadKey(dek, archive), nonce, payload.slice(NONCE_BYTES)) : undefined
  if (!bytes) throw damaged('was changed after it was made, by somebody who made its checksum fit')
  return readContents(bytes)
}

/** Not the commitment of an object: no wrap of an archive opens anything else, and none from elsewhere an archive. */
const commit = (dek: Uint8Array): Uint8Array => deriver(dek)(enc('waxwing.dev/v1 backup commit', SUITE))

/** The key of the payload is bound to all that stands around it. */
function payloadKey(dek: Uint8Array, { created, passphrase, recipients }: Omit<BackupArchive, 'payload'>) {
  const locked = passphrase ? enc(passphrase.salt, passphrase.wrap) : ''
  const header = enc(created, locked, ...recipients.flatMap(({ key, kem, wrap }) => [key, kem, wrap]))
  return deriver(dek)(enc('waxwing.dev/v1 backup payload', SUITE, primitives.sha256(header)))
}

async function lock(
  passphrase: string,
  dek: Uint8Array,
  commitment: Uint8Array,
  salt: Uint8Array,
  stretch: Stretch,
) {
  const kek = passphraseKey(await stretch(passphraseBytes(passphrase), salt), commitment)
  // The zero nonce is safe: the salt is fresh, so that this key wraps once.
  return { salt, wrap: box(kek, ZERO_NONCE, dek) }
}

const passphraseKey = (stretched: Uint8Array, commitment: Uint8Array): Uint8Array =>
  deriver(stretched)(enc('waxwing.dev/v1 backup passphrase', JSON.stringify(SCRYPT), commitment))

/** Systems differ in how they put together what is typed as one letter. */
const passphraseBytes = (passphrase: string): Uint8Array => utf8(passphrase.normalize('NFKC'))
