import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSecret } from '../../../../shared/check/check-secret.ts'
import type { CheckedSecret, SecretProblem } from '../../../../shared/check/secret-problem.ts'

/** A Secret and all that the checks must find in it, as `shown` says it. */
export interface Sample {
  what: string
  secret: CheckedSecret
  found: string[]
  now?: number
}

export const fixtures = join(import.meta.dirname, 'fixtures')

/** Later than the day of every fixture, and far before the end of each. */
export const NOW = Date.parse('2040-01-01T00:00:00Z')

type Values = Record<string, string | Uint8Array | undefined>

export function secretOf(
  type: string | undefined,
  values: Values,
  rest: Partial<CheckedSecret> = {},
): CheckedSecret {
  const data = new Map<string, Uint8Array>()
  for (const [key, value] of Object.entries(values))
    if (value !== undefined) data.set(key, typeof value === 'string' ? Buffer.from(value) : value)
  return { name: 'db', namespace: 'shop', annotations: new Map(), ...(type ? { type } : {}), ...rest, data }
}

/** `fail tls-expired tls.crt certificate=1 date=2030-01-31` */
export function shown({ severity, code, key, args }: SecretProblem): string {
  const details = Object.entries(args).map(([name, value]) => `${name}=${value}`)
  return [severity, code, ...(key === undefined ? [] : [key]), ...details].join(' ')
}

export const findingsOf = ({ secret, now = NOW }: Pick<Sample, 'secret' | 'now'>): string[] =>
  checkSecret(secret, { now }).map(shown)

/** Files that the real tools made, as text. */
export const reader =
  (folder: string) =>
  (name: string): string =>
    readFileSync(join(folder, name), 'utf8')
