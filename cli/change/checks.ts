import { ALLOW_ANNOTATION, readAllowed } from '../../shared/check/allow.ts'
import { checkSecret } from '../../shared/check/check-secret.ts'
import type { Finding } from '../../shared/check/finding.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { findingAt } from '../../shared/ops/documents.ts'
import { readAllowFlags } from '../allow.ts'
import { STDIN } from '../io/read.ts'
import { rulingFor } from '../ruling.ts'
import type { SealingFlags } from './flags.ts'
import type { OpenFile } from './open.ts'

/** What the checks and the policy say of new values. The other values are not known here, so nothing is said of them. */
export async function checkNewValues(
  { target, input }: OpenFile,
  after: SealedSecret,
  values: ReadonlyMap<string, Uint8Array>,
  flags: SealingFlags,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { name, namespace, template } = after
  const ruling = await rulingFor(input.path ?? STDIN, signal)
  const own = readAllowed(after.annotations.get(ALLOW_ANNOTATION) ?? '').codes
  const allow = [...readAllowFlags(flags.allow), ...own, ...(ruling ? ruling.allowed : [])]
  const secret = {
    name,
    namespace,
    annotations: template.annotations,
    data: values,
    ...(template.type === undefined ? {} : { type: template.type }),
  }
  const problems = checkSecret(secret, { now: Date.now(), allow })
    .filter(({ key }) => key !== undefined && values.has(key))
    .map(({ code, severity, key = '', args }) => ({
      code,
      severity,
      file: input.name,
      args: { key, ...args },
    }))
  const notes = ruling ? ruling.changed(values, target.node) : []
  return [...problems, ...notes.map((note) => findingAt(target.source, note))]
}
