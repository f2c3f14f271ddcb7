import { chooseKem } from '../../../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../../../shared/format/seal.ts'
import { type Output, streamText } from '../../../../shared/ops/output.ts'
import type { SealTarget } from '../../../../shared/ops/seal-plan.ts'
import { sealPlanned } from '../../../../shared/ops/seal-stream.ts'
import { unsealStream } from '../../../../shared/ops/unseal-stream.ts'
import { namedKey } from '../../../support/keys.ts'
import { seededRandom } from '../../../support/objects.ts'
import { plan } from './secrets.ts'

export const prod = await namedKey('prod')
export const recovery = await namedKey('recovery')
export const NOW = Date.parse('2026-11-24T12:00:00Z')

export const keysOf = (...keys: { opened: { id: string; key: typeof prod.opened.key } }[]) =>
  new Map(keys.map(({ opened }) => [opened.id, opened.key]))

/** Seals a stream that is in order, for `prod` unless told otherwise. */
export async function sealText(
  text: string,
  output?: Output,
  target: Partial<SealTarget> = {},
  recipients: readonly RecipientKey[] = [prod.key],
): Promise<string> {
  const planned = plan(text, target)
  if (planned.findings.some(({ severity }) => severity === 'fail'))
    throw new Error(planned.findings.map(({ code }) => code).join(', '))
  const means = { kem: await chooseKem(), random: seededRandom(7), now: NOW, recipients }
  return streamText((await sealPlanned(planned, means)).documents, output)
}

/** Opens a stream with the key of `prod`. */
export async function unsealText(text: string, output?: Output): Promise<string> {
  const { documents, findings } = await unsealStream('db.yaml', text, keysOf(prod))
  if (findings.length > 0) throw new Error(findings.map(({ code }) => code).join(', '))
  return streamText(documents, output)
}
