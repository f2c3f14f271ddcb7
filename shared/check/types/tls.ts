import { x509 } from '#x509'
import {
  type CheckedSecret,
  isEmptyAt,
  problem,
  type SecretProblem,
  type TypeCheck,
  textAt,
} from '../secret-problem.ts'
import { isPrivateKey, type PemBlock, pemText, readPem } from './pem.ts'
import type { X509 } from './x509/types.ts'

const SOON_MS = 30 * 86_400_000
const KEY_LABELS = [
  'PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'DSA PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
]
const isCertificate = ({ label }: PemBlock): boolean => label === 'CERTIFICATE'
const isTlsKey = ({ label }: PemBlock): boolean => KEY_LABELS.includes(label)
/** `openssl ecparam -genkey` writes the curve first, and some servers read Diffie-Hellman groups from the same file. */
const isParameters = ({ label }: PemBlock): boolean => label.endsWith('PARAMETERS')

/** kubernetes.io/tls: certificates parse, are in order and in date, and the key belongs to the first of them. */
export const checkTls: TypeCheck = (secret, now) => {
  const found: SecretProblem[] = []
  const missing = ['tls.crt', 'tls.key'].filter((key) => isEmptyAt(secret, key))
  found.push(...missing.map((key) => problem('tls-missing', key)))
  const chain = readBlocks(found, secret, 'tls.crt', isCertificate)
  const keys = readBlocks(found, secret, 'tls.key', isTlsKey)
  const authorities = readBlocks(found, secret, 'ca.crt', isCertificate)
  const key = usableKey(found, keys)
  if (!x509) return chain.length + keys.length > 0 ? [...found, problem('not-checked')] : found

  const readable = checkCertificates(found, x509, 'tls.crt', chain, now)
  checkCertificates(found, x509, 'ca.crt', authorities, now)
  if (readable) checkFit(found, x509, chain, key)
  return found
}

/** The blocks of the kind that belongs under `key`. */
function readBlocks(
  found: SecretProblem[],
  secret: CheckedSecret,
  key: string,
  belongs: (block: PemBlock) => boolean,
): PemBlock[] {
  if (isEmptyAt(secret, key)) return []
  const { blocks, flaw, junk } = readPem(textAt(secret, key) ?? '')
  if (flaw) found.push(problem(flaw === 'none' ? 'pem-missing' : `pem-${flaw}`, key))
  if (junk) found.push(problem('pem-junk', key))
  const right = blocks.filter(belongs)
  const strange = blocks.filter((block) => !belongs(block) && !isParameters(block))
  if (belongs === isCertificate && strange.some(isPrivateKey)) found.push(problem('tls-private-key', key))
  else if (right.length === 0 && blocks.length > 0) found.push(problem('tls-block', key))
  else if (strange.length > 0 || (belongs === isTlsKey && right.length > 1))
    found.push(problem('tls-extra-block', key))
  return flaw ? [] : right
}

/** Whether all of them can be read. */
function checkCertificates(
  found: SecretProblem[],
  reader: X509,
  key: string,
  chain: readonly PemBlock[],
  now: number,
): boolean {
  let readable = chain.length > 0
  chain.forEach(({ der }, i) => {
    const at = { certificate: String(i + 1) }
    const read = reader.readCertificate(der)
    if (!read) {
      readable = false
      found.push(problem('tls-certificate', key, at))
      return
    }
    const { notBefore, notAfter } = read
    const until = { ...at, date: day(notAfter) }
    if (notAfter <= now) found.push(problem(key === 'ca.crt' ? 'tls-ca-expired' : 'tls-expired', key, until))
    else if (key === 'ca.crt') return
    else if (notBefore > now) found.push(problem('tls-not-yet', key, { ...at, date: day(notBefore) }))
    else if (notAfter <= now + SOON_MS) found.push(problem('tls-expiring', key, until))
  })
  return readable
}

/** The private key as PEM, as far as it can be used. */
function usableKey(found: SecretProblem[], keys: readonly PemBlock[]): string | undefined {
  const [key] = keys
  if (!key) return undefined
  const pem = pemText(key)
  const code = key.encrypted ? 'tls-key-encrypted' : x509 && !x509.readPrivateKey(pem) ? 'tls-key' : undefined
  if (!code) return pem
  found.push(problem(code, 'tls.key'))
  return undefined
}

/** The key belongs to the first certificate, and each certificate was issued by the next. A root at the end does no harm. */
function checkFit(
  found: SecretProblem[],
  reader: X509,
  chain: readonly PemBlock[],
  key: string | undefined,
): void {
  const first = key === undefined ? 0 : chain.findIndex(({ der }) => reader.isKeyOf(der, key))
  if (first !== 0) {
    const fits = first > 0 ? { certificate: String(first + 1) } : {}
    found.push(problem('tls-key-mismatch', 'tls.key', fits))
    return
  }
  chain.slice(1).forEach((issuer, i) => {
    const { der } = chain[i] ?? issuer
    if (!reader.isIssuedBy(der, issuer.der))
      found.push(problem('tls-chain', 'tls.crt', { certificate: String(i + 1) }))
  })
}

/** The dates of a certificate are public: every client is shown them. */
const day = (time: number): string => new Date(time).toISOString().slice(0, 10)
