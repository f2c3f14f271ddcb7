import { CONFIG, CONFIG_JSON } from '../types/docker.ts'
import { CLUSTER_KEYS } from '../types/service-account-token.ts'

/**
 * What a value may look like without a mistake. `line`: a password, a token, a URL. `file`: has lines, so it ends with a
 * line break. `pem`, `json`: readers pass over white space. `cluster`: not ours to judge.
 */
export type ValueKind = 'line' | 'file' | 'pem' | 'json' | 'cluster'

const BY_TYPE: Readonly<Record<string, Readonly<Record<string, ValueKind>>>> = {
  'kubernetes.io/tls': { 'tls.crt': 'pem', 'tls.key': 'pem', 'ca.crt': 'pem' },
  'kubernetes.io/ssh-auth': { 'ssh-privatekey': 'pem', 'ssh-publickey': 'file', known_hosts: 'file' },
  'kubernetes.io/dockerconfigjson': { [CONFIG_JSON]: 'json' },
  'kubernetes.io/dockercfg': { [CONFIG]: 'json' },
  'kubernetes.io/service-account-token': Object.fromEntries(CLUSTER_KEYS.map((key) => [key, 'cluster'])),
}
// Sets and not patterns: a pattern of so many words takes longer to compile than a short command has use for it.
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))
/** `.txt` is not among them: kubectl's own examples keep passwords in such files. Nor is `.key`: `api.key` is a token. */
const EXTENSIONS = words(
  'asc cer cert cfg cnf conf config crt csr csv env gpg hcl htm html ini json lua md pem php pgpass properties pub py rb repo sh sql tf tfvars toml tpl xml yaml yml',
)
const FILE_NAMES = words(
  '.netrc .npmrc .pgpass .pypirc .gitconfig .git-credentials .env authorized_keys credentials htpasswd known_hosts kubeconfig passwd',
)
/** `user:$apr1$…`, and the lines of `authorized_keys`: what their tools write ends with a line break. */
const FILE_TEXT = /^[^\s:]+:(\$[a-z0-9]+\$|\{SHA\})\S+\s*$|^(ssh-[a-z0-9]+|ecdsa-sha2-\S+|sk-\S+) AAAA/

export function kindOf(type: string | undefined, key: string, text: string): ValueKind {
  const known = BY_TYPE[type ?? '']?.[key]
  if (known) return known
  const content = text.replace(/^\uFEFF/, '').trim()
  if (content.includes('-----BEGIN ')) return 'pem'
  if (isJson(content)) return 'json'
  const isFile = content.includes('\n') || isFileName(key.toLowerCase()) || FILE_TEXT.test(content)
  return isFile ? 'file' : 'line'
}

const isJson = (content: string): boolean =>
  (content.startsWith('{') && content.endsWith('}') && content[1] !== '{') ||
  (content.startsWith('[') && content.endsWith(']'))

function isFileName(name: string): boolean {
  const dot = name.lastIndexOf('.')
  return (dot >= 0 && EXTENSIONS.has(name.slice(dot + 1))) || FILE_NAMES.has(name)
}
