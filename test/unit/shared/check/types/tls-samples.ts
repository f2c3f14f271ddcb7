import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reader, type Sample, secretOf } from '../samples.ts'

const DAY = 86_400_000

/** Good and bad TLS Secrets from the files of `make.sh`. */
export function tlsSamples(folder: string): Sample[] {
  const file = reader(folder)
  const [leaf, intermediate, root, key] = ['leaf.crt', 'intermediate.crt', 'root.crt', 'leaf.key'].map(
    (name) => file(name),
  ) as [string, string, string, string]
  const chain = leaf + intermediate
  const tls = (crt: string | Uint8Array | undefined, tlsKey: string | Uint8Array | undefined, ca?: string) =>
    secretOf('kubernetes.io/tls', { 'tls.crt': crt, 'tls.key': tlsKey, 'ca.crt': ca })
  const good = (what: string, crt: string, tlsKey: string, ca?: string): Sample => ({
    what,
    secret: tls(crt, tlsKey, ca),
    found: [],
  })
  const bad = (what: string, found: string[], ...values: Parameters<typeof tls>): Sample => ({
    what,
    secret: tls(...values),
    found,
  })
  const until = Date.parse(new X509Certificate(leaf).validTo)
  const from = Date.parse(new X509Certificate(leaf).validFrom)
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  const at = (what: string, now: number, found: string[]): Sample => ({
    what,
    now,
    found,
    secret: tls(leaf, key),
  })
  const flat = (text: string) => text.trim().replaceAll('\n', ' ')

  return [
    good('a certificate and its key', leaf, key),
    good('a chain', chain, key),
    good('a chain with its root, and an authority', chain + root, key, root),
    good('two authorities', chain, key, root + intermediate),
    good('a SEC1 key', chain, file('leaf.sec1.key')),
    good('a key after its curve', root, file('root.key')),
    good('RSA in PKCS#8', file('rsa.crt'), file('rsa.key')),
    good('RSA in PKCS#1', file('rsa.crt'), file('rsa.pkcs1.key')),
    good('Ed25519', file('ed25519.crt'), file('ed25519.key')),
    good('P-384', file('p384.crt'), file('p384.key')),
    good('text before the certificate', file('leaf.text.crt'), key),
    good('what openssl takes out of PKCS#12', file('leaf.p12.crt'), file('leaf.p12.key')),
    good('CRLF', chain.replaceAll('\n', '\r\n'), key.replaceAll('\n', '\r\n')),
    good('no last line break', chain.trimEnd(), key.trimEnd()),

    bad('no key', ['fail tls-missing tls.key'], leaf, undefined),
    bad('an empty certificate', ['fail tls-missing tls.crt'], '', key),
    bad('nothing', ['fail tls-missing tls.crt', 'fail tls-missing tls.key'], undefined, undefined),
    bad('DER', ['fail pem-missing tls.crt'], readFileSync(join(folder, 'leaf.der')), key),
    bad('PKCS#12', ['fail pem-missing tls.key'], leaf, readFileSync(join(folder, 'leaf.p12'))),
    bad(
      'both on one line',
      ['fail pem-flattened tls.crt', 'fail pem-flattened tls.key'],
      flat(leaf),
      flat(key),
    ),
    bad('line breaks spelled out', ['fail pem-flattened tls.key'], leaf, key.replaceAll('\n', '\\n')),
    bad('an indented key', ['fail pem-broken tls.key'], leaf, key.replace(/^/gm, '  ')),
    bad('a certificate that is cut off', ['fail pem-broken tls.crt'], leaf.slice(0, -40), key),
    bad('a letter that is no base64', ['fail pem-broken tls.crt'], leaf.replace(/\nM/, '\n!'), key),
    bad('ends of another kind', ['fail pem-broken tls.crt'], leaf.replace('END CERT', 'END X509 CERT'), key),
    bad('text after the chain', ['warn pem-junk tls.crt'], `${chain}and so on\n`, key),
    bad('a byte order mark', ['fail pem-broken tls.crt', 'warn value-bom tls.crt'], `\uFEFF${leaf}`, key),
    bad('base64 twice', ['fail pem-missing tls.key', 'warn value-base64 tls.key'], leaf, btoa(key)),

    bad('a request', ['fail tls-block tls.crt'], file('leaf.csr'), key),
    bad('a certificate with trust settings', ['fail tls-block tls.crt'], file('leaf.trusted.crt'), key),
    bad('a public key', ['fail tls-block tls.key'], leaf, file('leaf.pub')),
    bad('swapped', ['fail tls-private-key tls.crt', 'fail tls-block tls.key'], key, leaf),
    bad('the key among the certificates', ['fail tls-private-key tls.crt'], leaf + key, key),
    bad('the key among the authorities', ['fail tls-private-key ca.crt'], leaf, key, root + key),
    bad('a request beside the certificate', ['warn tls-extra-block tls.crt'], leaf + file('leaf.csr'), key),
    bad('certificate and key in one', ['warn tls-extra-block tls.key'], leaf, key + leaf),
    bad('two keys', ['warn tls-extra-block tls.key'], leaf, key + file('rsa.key')),
    bad('a key with a passphrase', ['fail tls-key-encrypted tls.key'], leaf, file('leaf.encrypted.key')),
    bad('one in the old form', ['fail tls-key-encrypted tls.key'], leaf, file('leaf.old-encrypted.key')),
    bad('a mislabelled key', ['fail tls-key tls.key'], leaf, leaf.replaceAll('CERTIFICATE', 'PRIVATE KEY')),
    bad(
      'a mislabelled certificate',
      ['fail tls-certificate tls.crt certificate=2'],
      leaf + key.replaceAll('PRIVATE KEY', 'CERTIFICATE'),
      key,
    ),
    bad('an authority that is none', ['fail tls-block ca.crt'], leaf, key, file('leaf.pub')),

    bad('the key of another', ['fail tls-key-mismatch tls.key'], leaf, file('rsa.key')),
    bad('a key of another use', ['fail tls-key-mismatch tls.key'], leaf, file('x25519.key')),
    bad('issuers first', ['fail tls-key-mismatch tls.key certificate=2'], intermediate + leaf, key),
    bad('a gap', ['warn tls-chain tls.crt certificate=1'], leaf + root, key),
    bad(
      'issuers in disorder',
      ['warn tls-chain tls.crt certificate=1', 'warn tls-chain tls.crt certificate=2'],
      leaf + root + intermediate,
      key,
    ),
    bad('the certificate twice', ['warn tls-chain tls.crt certificate=1'], leaf + leaf, key),

    at('before its first day', from - DAY, [`warn tls-not-yet tls.crt certificate=1 date=${day(from)}`]),
    at('31 days before its end', until - 31 * DAY, []),
    at('30 days before its end', until - 30 * DAY, [
      `warn tls-expiring tls.crt certificate=1 date=${day(until)}`,
    ]),
    at('at its end', until, [`fail tls-expired tls.crt certificate=1 date=${day(until)}`]),
    {
      what: 'an authority at its end',
      now: until + 3 * DAY,
      secret: tls(file('rsa.crt'), file('rsa.key'), leaf),
      found: [
        `warn tls-ca-expired ca.crt certificate=1 date=${day(until)}`,
        `fail tls-expired tls.crt certificate=1 date=${day(until + DAY)}`,
      ],
    },
  ]
}
