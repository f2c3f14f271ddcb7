import { x509 } from '#x509'
import { readPem } from './pem.ts'

/** The first certificate of a PEM text with its dates in milliseconds; undefined where the private key is not its own. */
export function readTlsPair(
  certificates: string,
  keyPem: string,
): { der: Uint8Array; notBefore: number; notAfter: number } | undefined {
  const first = readPem(certificates).blocks.find(({ label }) => label === 'CERTIFICATE')
  const dates = first && x509?.readCertificate(first.der)
  return dates && x509?.isKeyOf(first.der, keyPem) ? { der: first.der, ...dates } : undefined
}
