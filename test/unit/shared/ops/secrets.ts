import { CHECK_CODES, type CheckCode } from '../../../../shared/check-codes/all.ts'
import { planSeal, type SealPlan, type SealTarget } from '../../../../shared/ops/seal-plan.ts'

/** 2026-11-24T12:00:00Z */
export const NOW = Date.UTC(2026, 10, 24, 12)
/** Most tests are not about what stands in the values. */
const ALL_CHECKS = Object.keys(CHECK_CODES) as CheckCode[]

/** A Secret's manifest; the lines replace those of `data`. */
export const secretText = (...lines: string[]): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\n${lines.join('\n')}\n`

export const plan = (text: string, target: Partial<SealTarget> = {}): SealPlan =>
  planSeal('db.yaml', text, { scope: 'strict', now: NOW, policyAllow: ALL_CHECKS, ...target })

/** What a stream is refused for, as `code line:column args`. */
export const findingsOf = (text: string, target: Partial<SealTarget> = {}): string[] =>
  plan(text, target).findings.map(({ code, severity, line, column, args }) => {
    const words = Object.entries(args).map(([name, value]) => `${name}=${value}`)
    return [severity === 'warn' ? `(${code})` : code, `${line}:${column}`, ...words].join(' ')
  })

/** The values that the only Secret of a stream has, as text. */
export function valuesOf(text: string): Record<string, string> {
  const { secrets, findings } = plan(text)
  if (findings.length > 0) throw new Error(`refused: ${findings.map(({ code }) => code).join(', ')}`)
  return Object.fromEntries(
    [...(secrets[0]?.secret.data ?? [])].map(([key, value]) => [key, Buffer.from(value).toString()]),
  )
}
