/** What the checks ask of a reader of certificates and keys. Bytes in, facts out. */
export interface X509 {
  /** Undefined: no certificate. Times in milliseconds. */
  readCertificate(der: Uint8Array): { notBefore: number; notAfter: number } | undefined
  /** By name and by signature. */
  isIssuedBy(certificate: Uint8Array, issuer: Uint8Array): boolean
  /** The algorithm of an unencrypted private key in PEM, such as `rsa`, `ed25519`, `ec prime256v1`; undefined: no key. */
  readPrivateKey(pem: string): string | undefined
  isKeyOf(certificate: Uint8Array, keyPem: string): boolean
}
