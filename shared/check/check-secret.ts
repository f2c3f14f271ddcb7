import type { CheckCode } from '../check-codes/all.ts'
import { type CheckedSecret, type SecretProblem, type TypeCheck, textOf } from './secret-problem.ts'
import { checkBasicAuth } from './types/basic-auth.ts'
import { checkBootstrapToken } from './types/bootstrap-token.ts'
import { checkDockerCfg, checkDockerConfigJson } from './types/docker.ts'
import { checkOpaque } from './types/opaque.ts'
import { checkServiceAccountToken } from './types/service-account-token.ts'
import { checkSshAuth } from './types/ssh-auth.ts'
import { checkTls } from './types/tls.ts'
import { checkBase64Twice } from './values/base64-twice.ts'
import { checkBom } from './values/bom.ts'
import { checkCrlf } from './values/crlf.ts'
import { checkEmpty } from './values/empty.ts'
import { kindOf } from './values/kind.ts'
import { checkPlaceholder } from './values/placeholder.ts'
import { checkSpace } from './values/space.ts'
import type { ValueCheck } from './values/value.ts'

const TYPE_CHECKS: ReadonlyMap<string, TypeCheck> = new Map([
  ['kubernetes.io/tls', checkTls],
  ['kubernetes.io/ssh-auth', checkSshAuth],
  ['kubernetes.io/dockerconfigjson', checkDockerConfigJson],
  ['kubernetes.io/dockercfg', checkDockerCfg],
  ['kubernetes.io/basic-auth', checkBasicAuth],
  ['bootstrap.kubernetes.io/token', checkBootstrapToken],
  ['kubernetes.io/service-account-token', checkServiceAccountToken],
])
const VALUE_CHECKS: readonly ValueCheck[] = [
  checkEmpty,
  checkSpace,
  checkBase64Twice,
  checkCrlf,
  checkBom,
  checkPlaceholder,
]

export interface CheckOptions {
  /** In milliseconds. */
  now: number
  /** Codes that are accepted here, by an annotation or the policy. */
  allow?: Iterable<CheckCode>
}

/** Everything that looks wrong with a Secret's values: what is about the Secret itself first, then by data key and code. */
export function checkSecret(secret: CheckedSecret, { now, allow = [] }: CheckOptions): SecretProblem[] {
  const ofType = (TYPE_CHECKS.get(secret.type ?? '') ?? checkOpaque)(secret, now)
  const named = new Set(ofType.map(({ key }) => key))
  // That a value is empty is not said twice.
  const ofValues = checkValues(secret).filter(({ code, key }) => code !== 'value-empty' || !named.has(key))
  const allowed = new Set(allow)
  return [...ofType, ...ofValues].filter(({ code }) => !allowed.has(code)).sort(compareProblems)
}

function checkValues({ type, data }: CheckedSecret): SecretProblem[] {
  return [...data].flatMap(([key, bytes]) => {
    const text = textOf(bytes)
    const value = { type, key, bytes, text, kind: kindOf(type, key, text ?? '') }
    return VALUE_CHECKS.flatMap((check) => check(value) ?? [])
  })
}

function compareProblems(a: SecretProblem, b: SecretProblem): number {
  const order = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)
  return order(a.key ?? '', b.key ?? '') || order(a.code, b.code)
}
