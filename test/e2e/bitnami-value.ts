import {
  constants,
  createCipheriv,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'

/** Bitnami's own form of a sealed value, strict scope: RSA-OAEP of a session key, bound to namespace/name; then AES-256-GCM. */
export function sealForBitnami(certificate: string, label: string, value: string): string {
  const session = randomBytes(32)
  const wrapped = publicEncrypt({ key: certificate, ...oaep(label) }, session)
  const cipher = createCipheriv('aes-256-gcm', session, NO_NONCE)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(wrapped.length)
  return Buffer.concat([length, wrapped, cipher.update(value), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  )
}

/** The value again, by the private key in PEM; throws where it is not that key's. */
export function openFromBitnami(keyPem: string, label: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const end = 2 + bytes.readUInt16BE(0)
  const session = privateDecrypt({ key: keyPem, ...oaep(label) }, bytes.subarray(2, end))
  const decipher = createDecipheriv('aes-256-gcm', session, NO_NONCE)
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(end, -16)), decipher.final()]).toString()
}

const NO_NONCE = Buffer.alloc(12)
const oaep = (label: string) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: Buffer.from(label),
})
