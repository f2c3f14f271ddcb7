import { reader, type Sample, secretOf } from '../samples.ts'

/** Good and bad SSH keys from the files of `make.sh`. */
export function sshSamples(folder: string): Sample[] {
  const file = reader(folder)
  const sample = (what: string, key: string | undefined, ...codes: string[]): Sample => ({
    what,
    secret: secretOf('kubernetes.io/ssh-auth', { 'ssh-privatekey': key }),
    found: codes.map((code) => `${code} ssh-privatekey`),
  })
  const [key, pem] = [file('ed25519'), file('rsa-pem')]
  const whole = (name: string) => sample(name, file(name))
  const crlf = (text: string) => text.replaceAll('\n', '\r\n')

  return [
    ...['ed25519', 'rsa', 'ecdsa', 'rsa-pem', 'ecdsa-pkcs8', 'ecdsa-pem'].map(whole),
    sample('PEM with CRLF', crlf(pem)),
    sample('PEM without a last line break', pem.trimEnd()),
    sample('blank lines at the end', `${key}\n\n`),

    sample('no key', undefined, 'fail ssh-missing'),
    sample('an empty key', '', 'fail ssh-missing'),
    sample('ed25519-encrypted', file('ed25519-encrypted'), 'fail ssh-key-encrypted'),
    sample('rsa-pem-encrypted', file('rsa-pem-encrypted'), 'fail ssh-key-encrypted'),
    sample('ecdsa-pkcs8-encrypted', file('ecdsa-pkcs8-encrypted'), 'fail ssh-key-encrypted'),
    ...['ed25519.pub', 'ed25519.rfc4716.pub', 'rsa.pkcs8.pub'].map((name) =>
      sample(name, file(name), 'fail ssh-public-key'),
    ),
    sample('ed25519-pkcs8', file('ed25519-pkcs8'), 'warn ssh-key-pkcs8'),
    sample('a curve that SSH does not know', file('secp256k1'), 'fail ssh-key'),
    sample('a certificate', pem.replaceAll('RSA PRIVATE KEY', 'CERTIFICATE'), 'fail ssh-key'),
    sample('a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', 'fail ssh-key'),
    sample('a password', 'correct horse battery staple', 'fail ssh-key'),

    sample('no last line break', key.trimEnd(), 'warn ssh-key-newline'),
    sample('CRLF', crlf(key), 'warn ssh-key-form'),
    sample('blanks at line ends', key.replaceAll('\n', ' \n'), 'warn ssh-key-form'),
    sample('a line before it', `\n${key}`, 'warn ssh-key-form'),
    sample('a byte order mark', `\uFEFF${key}`, 'warn ssh-key-form', 'warn value-bom'),
    sample('a word after it', `${key}etc\n`, 'warn pem-junk'),
    sample('a second key', key + pem, 'warn pem-junk'),
    sample('its last line cut off', key.slice(0, key.indexOf('-----END')), 'fail pem-broken'),
    sample('its line breaks lost', key.replaceAll('\n', ' '), 'fail pem-flattened'),
    sample('its line breaks spelled out', key.replaceAll('\n', '\\n'), 'fail pem-flattened'),
    sample('an indented key', key.replace(/^/gm, '  '), 'fail pem-broken'),
    sample('a byte changed', changed(key), 'fail ssh-key'),
    sample('base64 twice', btoa(key), 'fail ssh-key', 'warn value-base64'),
    sample(
      'encrypted, and no last line break',
      file('ed25519-encrypted').trimEnd(),
      'fail ssh-key-encrypted',
      'warn ssh-key-newline',
    ),
  ]
}

/** One letter of the public key in it: still base64, no longer a pair. */
function changed(key: string): string {
  const lines = key.split('\n')
  const line = lines[2] ?? ''
  const letter = line[40] === 'A' ? 'B' : 'A'
  lines[2] = line.slice(0, 40) + letter + line.slice(41)
  return lines.join('\n')
}
