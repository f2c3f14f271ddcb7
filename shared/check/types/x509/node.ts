import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { X509 } from './types.ts'

export const x509: X509 | undefined = {
  readCertificate: (der) =>
    attempt(() => {
      const certificate = new X509Certificate(der)
      const [notBefore, notAfter] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
      return Number.isNaN(notBefore + notAfter) ? undefined : { notBefore, notAfter }
    }),

  isIssuedBy: (certificate, issuer) =>
    attempt(() => {
      const [child, parent] = [new X509Certificate(certificate), new X509Certificate(issuer)]
      return child.checkIssued(parent) && child.verify(parent.publicKey)
    }) ?? false,

  readPrivateKey: (pem) =>
    attempt(() => {
      const key = createPrivateKey(pem)
      const curve = key.asymmetricKeyDetails?.namedCurve
      return curve === undefined ? key.asymmetricKeyType : `${key.asymmetricKeyType} ${curve}`
    }),

  isKeyOf: (certificate, keyPem) =>
    attempt(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(keyPem))) ?? false,
}

/** OpenSSL says by exceptions what it cannot read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
