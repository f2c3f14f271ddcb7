import { problem, type TypeCheck, textAt } from '../secret-problem.ts'

/** kubernetes.io/basic-auth: at least one of its two keys; either may be empty. */
export const checkBasicAuth: TypeCheck = (secret) => {
  if (!secret.data.has('username') && !secret.data.has('password')) return [problem('basic-auth-missing')]
  return textAt(secret, 'username')?.includes(':') ? [problem('basic-auth-colon', 'username')] : []
}
