import { getBuiltinModule } from 'node:process'
import type { X509 } from './types.ts'

/** Only once there is a certificate: to the native build, `node:crypto` is a quarter of what sealing takes. */
const crypto = () => getBuiltinModule('node:crypto')

const read = (der: Uint8Array) => new (crypto().X509Certificate)(der)

export const x509: X509 | undefined = {
  readCertificate: (der) =>
    attempt(() => {
      const certificate = read(der)
      const [notBefore, notAfter] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
      return Number.isNaN(notBefore + notAfter) ? undefined : { notBefore, notAfter }
    }),

  isIssuedBy: (certificate, issuer) =>
    attempt(() => {
      const [child, parent] = [read(certificate), read(issuer)]
      return child.checkIssued(parent) && child.verify(parent.publicKey)
    }) ?? false,

  readPrivateKey: (pem) =>
    attempt(() => {
      const key = crypto().createPrivateKey(pem)
      const curve = key.asymmetricKeyDetails?.namedCurve
      return curve === undefined ? key.asymmetricKeyType : `${key.asymmetricKeyType} ${curve}`
    }),

  isKeyOf: (certificate, keyPem) =>
    attempt(() => read(certificate).checkPrivateKey(crypto().createPrivateKey(keyPem))) ?? false,
}

/** OpenSSL says by exceptions what it cannot read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
