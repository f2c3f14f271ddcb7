import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { SealError } from '../../shared/errors.ts'
import { MAX_NODES } from '../../shared/format/limits.ts'
import { toPlain } from '../../shared/format/plain.ts'
import { rewrap } from '../../shared/format/rewrap.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { parseYaml } from '../../shared/format/yaml.ts'
import { rfc3339 } from '../../shared/keys/dates.ts'
import { desiredSecret } from '../../shared/resource/desired.ts'
import { checkNamespace } from '../../shared/resource/reserved.ts'
import type { Keyring } from '../keys/keyring.ts'

/** A document that somebody sent, read once: what is authorised is what is opened. */
export interface Asked {
  text: string
  /** As it was written, for the answer. */
  data: Record<string, unknown>
  sealed: SealedSecret
}

export interface Answer {
  type: string
  text: string
}

/** undefined where it is no SealedSecret by the rules of the format. */
export function readAsked(text: string | undefined): Asked | undefined {
  try {
    const root = text === undefined ? undefined : parseYaml(text)
    if (text === undefined || !root) return undefined
    // Every node takes a character, unless aliases say it again; manifests need none of them.
    const { data, oddKeys } = toPlain(root, Math.min(MAX_NODES, text.length + 1))
    return { text, data: data as Record<string, unknown>, sealed: readSealedSecret(data, oddKeys) }
  } catch (error) {
    // The other is a document that is nested deeper than the stack.
    if (error instanceof SealError || error instanceof RangeError) return undefined
    throw error
  }
}

export interface Holding {
  keyring: Pick<Keyring, 'private' | 'newest'>
  kem: MlKem
  random: Random
  /** The controller's own. */
  namespace: string
  serves: (namespace: string) => boolean
}

/** What is done with an object once its sender may update it. Each throws a SealError where it does not open here. */
export type Operation = (asked: Asked, holding: Holding) => Promise<Answer>

export const verifyAsked: Operation = async ({ sealed }, holding) => {
  checkServed(sealed, holding)
  desiredSecret(sealed, await unseal(sealed, holding.keyring.private()))
  return { type: 'application/json', text: '{"result":"opens"}' }
}

/** To our own newest key and to no other, or this would open objects for whoever brings a key. */
export const rewrapAsked: Operation = async (asked, holding) => {
  const { sealed, text } = asked
  const { keyring, kem, random } = holding
  checkServed(sealed, holding)
  const newest = keyring.newest()
  if (!newest) throw new SealError('no-key', 'there is no active sealing key')
  const after = await rewrap(sealed, keyring.private(), newest.public, { kem, random })
  const json = isJson(text)
  const type = json ? 'application/json' : 'application/yaml'
  if (after === sealed) return { type, text }
  const object = withWraps(asked.data, after)
  return { type, text: json ? `${JSON.stringify(object)}\n` : yamlText(object) }
}

function checkServed(sealed: SealedSecret, { namespace, serves }: Holding): void {
  checkNamespace(sealed, namespace)
  if (!serves(sealed.namespace))
    throw new SealError('reserved', 'this controller does not serve the namespace')
}

/** The object as it came, whatever else it carries, with other wraps. */
function withWraps(data: Record<string, unknown>, after: SealedSecret): unknown {
  const { envelopes } = sealedSecretObject(after).spec as { envelopes: unknown }
  const object = { ...data, spec: { ...(data.spec as object), envelopes } }
  return JSON.parse(JSON.stringify(object, plainTimes))
}

/** Times that stood without quotes in YAML became dates on the way. */
function plainTimes(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key]
  return held instanceof Date ? rfc3339(held.getTime()) : value
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
