import { type Finding, isFail } from '../../../shared/check/finding.ts'
import { KEYLESS_CHECKS } from '../../../shared/check/keyless.ts'
import { SealError } from '../../../shared/errors.ts'
import type { SealedSecret } from '../../../shared/format/sealed-secret.ts'
import { parseYaml, type YamlNode } from '../../../shared/format/yaml.ts'
import { lineOf, readBuffer, type Typed } from '../../../shared/ops/edit/buffer-read.ts'
import { type EditMeans, setValues, unsetValues } from '../../../shared/ops/edit/values.ts'
import type { Recipient } from '../../change/recipients.ts'

/** Whom new values are for, or why that is not known. */
export type Sealing = { recipients: Recipient[] } | { refused: readonly Finding[] }

export interface Round {
  sealed: SealedSecret
  values: ReadonlyMap<string, Uint8Array> | undefined
  sealing: Sealing
  means: EditMeans
  check(after: SealedSecret, values: ReadonlyMap<string, Uint8Array>): Promise<Finding[]>
}

/** What came of a text that was typed: an object, or what is wrong with the text; with a `fail` there is no object. */
export interface Outcome {
  after?: SealedSecret
  sealsNew: boolean
  findings: Finding[]
}

/** undefined: the text was emptied. */
export async function takeTyped(text: string, round: Round): Promise<Outcome | undefined> {
  let typed: Typed | undefined
  try {
    typed = readBuffer(text, round.sealed, round.values)
  } catch (error) {
    return refusal(text, error)
  }
  if (!typed) return undefined
  try {
    return await sealTyped(typed, round)
  } catch (error) {
    return refusal(text, error, typed.root)
  }
}

async function sealTyped({ set, unset, template }: Typed, round: Round): Promise<Outcome> {
  const { sealed, sealing, means, check } = round
  const sealsNew = set.size > 0
  if (sealsNew && 'refused' in sealing) return { sealsNew, findings: [...sealing.refused] }
  const recipients = 'recipients' in sealing ? sealing.recipients : []
  const added = await setValues(sealed, set, recipients, means)
  const after = { ...unsetValues(added, unset), template }
  for (const rule of KEYLESS_CHECKS) rule(after, 0)
  const findings = await check(after, set)
  return findings.some(isFail) ? { sealsNew, findings } : { after, sealsNew, findings }
}

function refusal(text: string, error: unknown, read?: YamlNode): Outcome {
  if (!(error instanceof SealError)) throw error
  const { code, message, hint, where, path = [] } = error
  const line = where?.line ?? lineOf(text, read ?? readable(text), path[0] === 'spec' ? path.slice(1) : path)
  const finding: Finding = { code, severity: 'fail', line, args: { reason: message } }
  return { sealsNew: false, findings: [hint === undefined ? finding : { ...finding, hint }] }
}

function readable(text: string): YamlNode | undefined {
  try {
    return parseYaml(text)
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}
