import { x509 } from '#x509'
import type { CheckCode } from '../../check-codes/all.ts'
import { isEmptyAt, problem, type TypeCheck, textAt } from '../secret-problem.ts'
import { readOpensshKey } from './openssh-key.ts'
import { isPrivateKey, type PemBlock, pemText, readPem } from './pem.ts'

const KEY = 'ssh-privatekey'
const OPENSSH = 'OPENSSH PRIVATE KEY'
const PUBLIC = /^\s*(ssh-[a-z0-9]+|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA|^---- BEGIN SSH2 PUBLIC KEY ----/
const PEM_LABELS = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']
const ALGORITHMS = ['rsa', 'ed25519', 'ec prime256v1', 'ec secp384r1', 'ec secp521r1']
/** What OpenSSH compares byte by byte; after the last line it reads no further. */
const CONTAINER =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END OPENSSH PRIVATE KEY-----\n/

/** kubernetes.io/ssh-auth: one private key, OpenSSH's own or PEM, without a passphrase, in the form that OpenSSH reads. */
export const checkSshAuth: TypeCheck = (secret) => {
  if (isEmptyAt(secret, KEY)) return [problem('ssh-missing', KEY)]
  const text = textAt(secret, KEY) ?? ''
  const { blocks, flaw, junk } = readPem(text.replace(/^\uFEFF/, ''))
  if (PUBLIC.test(text) || blocks.some(({ label }) => label.endsWith('PUBLIC KEY')))
    return [problem('ssh-public-key', KEY)]
  // A text without any block may be a key of another program, which says more than that it is no PEM.
  if (flaw) return [problem(flaw === 'none' ? 'ssh-key' : `pem-${flaw}`, KEY)]
  // OpenSSH reads the first key and no further.
  const key = blocks.find(isPrivateKey)
  const rest = junk || blocks.at(-1) !== key
  const codes: CheckCode[] = !key ? ['ssh-key'] : key.label === OPENSSH ? ofContainer(key, text) : ofPem(key)
  return [...codes, ...(rest && key ? (['pem-junk'] as const) : [])].map((code) => problem(code, KEY))
}

function ofContainer({ der }: PemBlock, text: string): CheckCode[] {
  const state = readOpensshKey(der)
  if (!state) return ['ssh-key']
  const passphrase: CheckCode[] = state === 'encrypted' ? ['ssh-key-encrypted'] : []
  if (CONTAINER.test(text)) return passphrase
  return [...passphrase, CONTAINER.test(`${text}\n`) ? 'ssh-key-newline' : 'ssh-key-form']
}

/** OpenSSL reads these for OpenSSH, and it takes any line ends. */
function ofPem(block: PemBlock): CheckCode[] {
  if (!PEM_LABELS.includes(block.label)) return ['ssh-key']
  if (block.encrypted) return ['ssh-key-encrypted']
  if (!x509) return ['not-checked']
  const algorithm = x509.readPrivateKey(pemText(block)) ?? ''
  if (!ALGORITHMS.includes(algorithm)) return ['ssh-key']
  return algorithm === 'ed25519' ? ['ssh-key-pkcs8'] : []
}
