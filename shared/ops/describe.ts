import type { SealedSecret } from '../format/sealed-secret.ts'
import { type LimitFor, type ValueAge, valueAges } from './ages.ts'
import { templatesUsing } from './edit/template-uses.ts'

/** What can be said of a SealedSecret without opening it. Neither values nor their lengths are in it. */
export interface Description {
  name: string
  namespace: string
  scope: SealedSecret['scope']
  type?: string
  immutable?: boolean
  values: ValueAge[]
  recipients: DescribedRecipient[]
  labels: Record<string, string>
  /** Names alone: an annotation may hold anything. */
  annotations: string[]
  /** Data keys that the template adds, with the values that each uses. */
  data: { key: string; uses: string[] }[]
}

export interface DescribedRecipient {
  id: string
  /** The values that it can open; all of them if it is missing. */
  values?: string[]
}

export function describeSealed(sealed: SealedSecret, limitFor: LimitFor, now: number): Description {
  const { name, namespace, scope, data, template } = sealed
  const { type, immutable, labels, annotations } = template
  return {
    name,
    namespace,
    scope,
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    values: valueAges(sealed, limitFor, now),
    recipients: recipientsOf(sealed),
    labels: Object.fromEntries(labels),
    annotations: [...annotations.keys()],
    data: [...template.data.keys()].map((key) => ({
      key,
      uses: [...data.keys()].filter((value) => templatesUsing(sealed, value).includes(key)),
    })),
  }
}

/** Envelopes of one object may have different recipients: then it is said who opens what. */
function recipientsOf({ envelopes, data }: SealedSecret): DescribedRecipient[] {
  const ids = new Set(envelopes.flatMap(({ recipients }) => recipients.map(({ key }) => key)))
  return [...ids].map((id) => {
    const opened = new Set(
      envelopes.filter(({ recipients }) => recipients.some(({ key }) => key === id)).map((each) => each.id),
    )
    if (opened.size === envelopes.length) return { id }
    return { id, values: [...data].flatMap(([key, { envelope }]) => (opened.has(envelope) ? [key] : [])) }
  })
}
