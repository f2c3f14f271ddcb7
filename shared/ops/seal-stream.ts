import { ALLOW_ANNOTATION } from '../check/allow.ts'
import type { Finding } from '../check/finding.ts'
import { bound } from '../crypto/bound.ts'
import type { MlKem } from '../crypto/kem/types.ts'
import type { Random } from '../crypto/xwing.ts'
import { SealError } from '../errors.ts'
import { ETCD_REQUEST_BYTES, MAX_RECIPIENTS } from '../format/limits.ts'
import { type RecipientKey, sealValues } from '../format/seal.ts'
import { SEALED_AT, type SealedSecret } from '../format/sealed-secret.ts'
import { sealedSecretObject } from '../format/write.ts'
import { rfc3339 } from '../keys/dates.ts'
import { templateOf } from '../resource/plain-secret.ts'
import type { OutputDocument } from './output.ts'
import type { PlannedSecret, SealPlan } from './seal-plan.ts'
import { mapTree } from './tree.ts'

export interface SealMeans {
  kem: MlKem
  random: Random
  /** Milliseconds. */
  now: number
  recipients: readonly RecipientKey[]
}

/** Client-side `kubectl apply` keeps the manifest in an annotation, and annotations have a limit (262,144 bytes). */
const APPLY_BYTES = 190_000

/** Carries out a plan: every Secret in it becomes a SealedSecret. The findings are warnings about size. */
export async function sealPlanned(
  plan: SealPlan,
  means: SealMeans,
): Promise<{ documents: OutputDocument[]; findings: Finding[] }> {
  if (means.recipients.length > MAX_RECIPIENTS)
    throw new SealError('too-large', `more than ${MAX_RECIPIENTS} keys to seal to`, {
      hint: `Give at most ${MAX_RECIPIENTS} keys.`,
    })
  const findings: Finding[] = []
  const documents: OutputDocument[] = []
  for (const { source, tree } of plan.documents) {
    const sealed =
      tree &&
      (await mapTree(tree, async (planned) => {
        const object = sealedSecretObject(await sealSecret(planned, means))
        findings.push(...sizeFindings(plan.file, planned, object))
        return object
      }))
    documents.push({ source, tree: sealed })
  }
  return { documents, findings }
}

async function sealSecret({ secret, scope, allow }: PlannedSecret, means: SealMeans): Promise<SealedSecret> {
  const { name, namespace } = secret
  const target = bound(scope, namespace, name)
  const sealed = await sealValues(means.kem, target, secret.data, means.recipients, means.random)
  const time = rfc3339(means.now)
  const sealedAt = JSON.stringify(Object.fromEntries([...secret.data.keys()].map((key) => [key, time])))
  return {
    name,
    namespace,
    scope,
    labels: new Map(),
    annotations: new Map([
      ...(allow.length > 0 ? [[ALLOW_ANNOTATION, allow.join(',')] as const] : []),
      ...(secret.data.size > 0 ? [[SEALED_AT, sealedAt] as const] : []),
    ]),
    ...sealed,
    template: templateOf(secret),
  }
}

function sizeFindings(file: string, { line, secret }: PlannedSecret, object: object): Finding[] {
  const bytes = JSON.stringify(object).length
  const problem = bytes > ETCD_REQUEST_BYTES ? 'etcd' : bytes > APPLY_BYTES ? 'apply' : undefined
  if (!problem) return []
  const args = { problem, name: secret.name, size: `${Math.ceil(bytes / 1000)} kB` }
  return [{ code: 'document-size', severity: 'warn', file, line, args }]
}
