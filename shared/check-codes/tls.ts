import type { CheckRow } from './row.ts'

export const TLS = {
  'tls-missing': {
    severity: 'fail',
    what: 'A TLS Secret lacks `tls.crt` or `tls.key`, or the value is empty.',
    why: 'The API server refuses a Secret without one of them, and accepts an empty one that nothing can use.',
    fix: 'Give both: the certificate with its chain, and its private key.',
  },
  'tls-block': {
    severity: 'fail',
    what: 'None of the PEM blocks is of the kind that belongs there.',
    why: 'A request, a public key or a key in another format serves no TLS.',
    fix: 'Put certificates into `tls.crt` and `ca.crt`, and a PKCS#8, PKCS#1 or SEC1 private key into `tls.key`.',
  },
  'tls-extra-block': {
    severity: 'warn',
    what: 'Besides the right PEM blocks there is one that does not belong there.',
    why: 'Some programs pass over it, others refuse the file.',
    fix: 'Keep only certificates in `tls.crt` and `ca.crt`, and only one private key in `tls.key`.',
  },
  'tls-private-key': {
    severity: 'fail',
    what: 'A private key stands among the certificates.',
    why: 'Certificates are handed out to everyone, and so may be the file that they stand in.',
    fix: 'Remove it there; if the file was in use like this, make a new key and certificate.',
  },
  'tls-certificate': {
    severity: 'fail',
    what: 'A certificate cannot be read.',
    why: 'The PEM block is whole, but what it holds is no X.509 certificate.',
    fix: 'Take it again from where it was issued.',
  },
  'tls-key': {
    severity: 'fail',
    what: 'The private key cannot be read.',
    why: 'The PEM block is whole, but what it holds is not the key that its label says.',
    fix: 'Take it again from where it was made; `openssl pkey -in FILE` shows whether it can be read.',
  },
  'tls-key-encrypted': {
    severity: 'fail',
    what: 'The private key is protected by a passphrase.',
    why: 'No ingress or server in a cluster can ask for it.',
    fix: 'Decrypt it with `openssl pkey -in FILE`; sealing protects it from here on.',
  },
  'tls-key-mismatch': {
    severity: 'fail',
    what: 'The private key does not belong to the first certificate.',
    why: 'Every TLS server refuses such a pair.',
    fix: 'Put the certificate of this key first and its issuers after it, or give the other key.',
  },
  'tls-chain': {
    severity: 'warn',
    what: 'A certificate was not issued by the one that follows it.',
    why: 'Some clients put a chain in order or complete it, others fail.',
    fix: 'Order the chain from the server certificate upwards, without gaps.',
  },
  'tls-expired': {
    severity: 'fail',
    what: 'A certificate of the chain has expired.',
    why: 'Clients refuse it.',
    fix: 'Renew it and seal the new one.',
  },
  'tls-expiring': {
    severity: 'warn',
    what: 'A certificate of the chain expires within 30 days.',
    why: 'After that day clients refuse it.',
    fix: 'Renew it and seal the new one.',
  },
  'tls-not-yet': {
    severity: 'warn',
    what: 'A certificate of the chain is not valid yet.',
    why: 'Until that day clients refuse it.',
    fix: 'Wait for it, or look at the clock of the machine that issued it.',
  },
  'tls-ca-expired': {
    severity: 'warn',
    what: 'A certificate in `ca.crt` has expired.',
    why: 'Nothing that it issued is accepted any more; the others in the file are not touched by that.',
    fix: 'Remove it, or replace it by its successor.',
  },
} as const satisfies Record<string, CheckRow>
