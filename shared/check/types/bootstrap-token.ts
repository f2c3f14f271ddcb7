import type { CheckCode } from '../../check-codes/all.ts'
import {
  type CheckedSecret,
  isEmptyAt,
  problem,
  type SecretProblem,
  type TypeCheck,
  textAt,
} from '../secret-problem.ts'

const PREFIX = 'bootstrap-token-'
const USAGE = 'usage-bootstrap-'
const USAGES = ['authentication', 'signing']
const ID = /^[a-z0-9]{6}$/
const SECRET = /^[a-z0-9]{16}$/
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** bootstrap.kubernetes.io/token: the API server finds the token by name and accepts it only if all of this holds. */
export const checkBootstrapToken: TypeCheck = (secret, now) => [
  ...checkName(secret),
  ...(secret.namespace === '' || secret.namespace === 'kube-system' ? [] : [problem('bootstrap-namespace')]),
  ...checkText(secret, 'token-secret', 'bootstrap-secret', SECRET),
  ...checkText(secret, 'token-id', 'bootstrap-id', ID),
  ...checkUsages(secret),
  ...checkGroups(secret),
  ...checkExpiration(secret, now),
]

/** A name that is not known yet ('') is judged when it is. */
function checkName(secret: CheckedSecret): SecretProblem[] {
  const { name } = secret
  const id = textAt(secret, 'token-id')
  const wrong = ID.test(id ?? '')
    ? name !== `${PREFIX}${id}`
    : !ID.test(name.slice(PREFIX.length)) || !name.startsWith(PREFIX)
  return name !== '' && wrong ? [problem('bootstrap-name')] : []
}

function checkText(secret: CheckedSecret, key: string, code: CheckCode, pattern: RegExp): SecretProblem[] {
  if (isEmptyAt(secret, key)) return [problem('bootstrap-missing', key)]
  return pattern.test(textAt(secret, key) ?? '') ? [] : [problem(code, key)]
}

function checkUsages(secret: CheckedSecret): SecretProblem[] {
  const keys = [...secret.data.keys()].filter((key) => key.startsWith(USAGE))
  const wrong = keys.filter(
    (key) => !USAGES.includes(key.slice(USAGE.length)) || !/^(true|false)$/.test(textAt(secret, key) ?? ''),
  )
  if (wrong.length > 0) return wrong.map((key) => problem('bootstrap-usage', key))
  return keys.some((key) => textAt(secret, key) === 'true') ? [] : [problem('bootstrap-unused')]
}

function checkGroups(secret: CheckedSecret): SecretProblem[] {
  const key = 'auth-extra-groups'
  if (isEmptyAt(secret, key)) return []
  const groups = textAt(secret, key)?.split(',') ?? ['']
  return groups.every((group) => GROUP.test(group)) ? [] : [problem('bootstrap-groups', key)]
}

function checkExpiration(secret: CheckedSecret, now: number): SecretProblem[] {
  const key = 'expiration'
  if (isEmptyAt(secret, key)) return []
  const text = textAt(secret, key) ?? ''
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) return [problem('bootstrap-expiration', key)]
  return time <= now ? [problem('bootstrap-expired', key)] : []
}
