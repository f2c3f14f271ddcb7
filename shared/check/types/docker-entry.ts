import type { CheckCode } from '../../check-codes/all.ts'
import { fromBase64 } from '../../crypto/base64.ts'
import { textOf } from '../secret-problem.ts'

const FIELDS = ['username', 'password', 'email', 'auth', 'identitytoken', 'registrytoken'] as const
type Entry = Partial<Record<(typeof FIELDS)[number], string>>

/** A host with an optional scheme, port and path; `*` and `?` stand for parts of it. */
const REGISTRY = /^(?:https?:\/\/)?(?:[A-Za-z0-9*?_.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?(?:\/\S*)?$/
/** The kubelet strips these two paths and no other, and knows Docker Hub's images under this one host. */
const HUB = /^(?:https?:\/\/)?index\.docker\.io(?:\/|\/v[12]\/)?$/
const HUB_HOST =
  /^(?:https?:\/\/)?(?:index|hub|registry|registry-1|registry\.hub|www)\.docker\.(?:io|com)(?:[:/]|$)/

/** One registry of `auths`: where the kubelet would find no credentials in it, or others than were meant. */
export function entryCodes(registry: string, fields: Readonly<Record<string, unknown>>): CheckCode[] {
  const entry: Entry = {}
  for (const name of FIELDS) {
    const value = fields[name]
    if (typeof value === 'string') entry[name] = value
    // Go refuses the whole file when one of its fields is no string.
    else if (value !== undefined && value !== null) return ['docker-shape']
  }
  const named = REGISTRY.test(registry) && (HUB.test(registry) || !HUB_HOST.test(registry))
  return [...credentialCodes(entry), ...(named ? [] : (['docker-registry'] as const))]
}

function credentialCodes({ username, password, auth, identitytoken, registrytoken }: Entry): CheckCode[] {
  const hasToken = Boolean(identitytoken || registrytoken)
  if (!auth) {
    if (username && password) return []
    return [hasToken ? 'docker-identity-token' : 'docker-no-credentials']
  }
  const pair = decodeAuth(auth)
  if (!pair) return ['docker-auth']
  // Azure's login writes a user without a password beside its token.
  if (pair.password === '' && hasToken) return ['docker-identity-token']
  if (pair.username === '' || pair.password === '') return ['docker-auth']
  const differs = (username && username !== pair.username) || (password && password !== pair.password)
  return differs ? ['docker-auth-mismatch'] : []
}

/** As the kubelet: with or without its padding, and the first colon divides. */
function decodeAuth(auth: string): { username: string; password: string } | undefined {
  const bytes = fromBase64(auth) ?? fromBase64(auth.padEnd(Math.ceil(auth.length / 4) * 4, '='))
  const text = bytes && textOf(bytes)
  const colon = text?.indexOf(':') ?? -1
  return text === undefined || colon < 0
    ? undefined
    : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}
