import type { Args } from '../../shared/check/finding.ts'
import type { CheckCode } from '../../shared/check-codes/all.ts'

type Words = string | ((args: Args) => string)

/** Of a value: stands after `data.<key>`. */
const VALUES: Partial<Record<CheckCode, Words>> = {
  'pem-missing': 'holds no PEM block',
  'pem-flattened': 'is PEM text that has lost its line breaks',
  'pem-broken': 'has a damaged PEM block: indented, cut off, or not base64',
  'pem-junk': 'has something after its last PEM block',
  'tls-missing': 'is missing or empty',
  'tls-block': 'has no PEM block of the kind that belongs there',
  'tls-extra-block': 'has a PEM block that does not belong there',
  'tls-private-key': 'has a private key among the certificates',
  'tls-certificate': (args) => `cannot be read: ${certificate(args)} is no X.509 certificate`,
  'tls-key': 'is no private key that can be read',
  'tls-key-encrypted': 'is protected by a passphrase',
  'tls-key-mismatch': ({ certificate: n }) =>
    `does not belong to the first certificate of data.tls.crt${n === undefined ? '' : `, but to certificate ${n}`}`,
  'tls-chain': ({ certificate: n }) =>
    `is out of order: certificate ${n} was not issued by certificate ${Number(n) + 1}`,
  'tls-expired': expired,
  'tls-expiring': (args) => `will not do for long: ${certificate(args)} expires on ${args.date}`,
  'tls-not-yet': (args) => `is ahead of its time: ${certificate(args)} is valid from ${args.date}`,
  'tls-ca-expired': expired,
  'ssh-missing': 'is missing or empty',
  'ssh-public-key': 'is a public key',
  'ssh-key': 'is no private key that OpenSSH can use',
  'ssh-key-encrypted': 'is protected by a passphrase',
  'ssh-key-newline': 'lacks the line break at its end',
  'ssh-key-form': 'has CRLF line ends, blanks at line ends, or something before its first line',
  'ssh-key-pkcs8': 'is an Ed25519 key in PKCS#8',
  'docker-missing': 'is missing or empty',
  'docker-json': 'is not JSON',
  'docker-duplicate-key': 'has the same key twice in one object',
  'docker-shape': ({ entry }) =>
    entry === undefined
      ? 'does not have the shape that the kubelet reads'
      : `does not have the shape that the kubelet reads, in its ${registry({ entry })}`,
  'docker-auths-empty': 'names no registry',
  'docker-auth': (args) => `has an \`auth\` that is not the base64 of \`user:password\`: ${registry(args)}`,
  'docker-auth-mismatch': (args) =>
    `has an \`auth\` unlike the \`username\` or \`password\` beside it: ${registry(args)}`,
  'docker-no-credentials': (args) => `has no credentials for ${registry(args)}`,
  'docker-identity-token': (args) => `has an identity or registry token alone for ${registry(args)}`,
  'docker-helper': 'relies on `credsStore` or `credHelpers`',
  'docker-registry': (args) => `has a name that no image name leads to: ${registry(args)}`,
  'basic-auth-colon': 'has a colon',
  'bootstrap-missing': 'is missing or empty',
  'bootstrap-id': 'is not six characters of a-z and 0-9',
  'bootstrap-secret': 'is not sixteen characters of a-z and 0-9',
  'bootstrap-usage': 'is not a known usage that is `true` or `false`',
  'bootstrap-groups': 'has a group that no bootstrap token may join',
  'bootstrap-expiration': 'is no RFC 3339 time',
  'bootstrap-expired': 'is in the past',
  'service-account-key': "is the cluster's to fill",
  'value-empty': 'is empty or only white space',
  'value-newline': 'ends with a line break',
  'value-space': 'begins or ends with white space',
  'value-base64': 'is the base64 of readable text',
  'value-crlf': 'has lines that end as on Windows (CRLF)',
  'value-bom': 'begins with a byte order mark',
  'value-placeholder': 'looks like a placeholder',
}

/** Of the Secret itself. */
const WHOLE: Partial<Record<CheckCode, Words>> = {
  'not-checked': 'certificates and PEM keys cannot be checked here',
  'basic-auth-missing': 'the basic-auth Secret has neither `username` nor `password`',
  'bootstrap-name': 'metadata.name is not `bootstrap-token-` and the `token-id`',
  'bootstrap-namespace': 'metadata.namespace is not `kube-system`, where bootstrap tokens are looked for',
  'bootstrap-unused': 'no usage of the bootstrap token is `true`',
  'service-account-name': 'the annotation `kubernetes.io/service-account.name` is missing or is no name',
  'type-unknown': ({ type, meant }) => `type ${type} looks like a misspelt ${meant}`,
}

/** The sentence of a check; undefined for other codes. */
export function checkSentence(code: string, args: Args): string | undefined {
  const { key } = args
  const words = (key === undefined ? WHOLE : VALUES)[code as CheckCode]
  if (words === undefined) return undefined
  const said = typeof words === 'string' ? words : words(args)
  return key === undefined ? said : `data.${key} ${said}`
}

const certificate = ({ certificate: n }: Args): string => `certificate ${n}`
const registry = ({ entry }: Args): string => `registry ${entry}`

function expired(args: Args): string {
  return `is out of date: ${certificate(args)} expired on ${args.date}`
}
