import type { Envelope, SealedSecret } from '../../format/sealed-secret.ts'
import { sealedSecretObject } from '../../format/write.ts'
import { sameData } from './steps.ts'

/** What an edit does, in names. */
export interface Changes {
  added: string[]
  replaced: string[]
  removed: string[]
  newEnvelopes: Envelope[]
  goneEnvelopes: Envelope[]
  template: boolean
}

export function changesBetween(before: SealedSecret, after: SealedSecret): Changes {
  const ids = (sealed: SealedSecret) => new Set(sealed.envelopes.map(({ id }) => id))
  const [old, now] = [ids(before), ids(after)]
  return {
    added: [...after.data.keys()].filter((key) => !before.data.has(key)),
    replaced: [...after.data].flatMap(([key, value]) =>
      before.data.has(key) && before.data.get(key) !== value ? [key] : [],
    ),
    removed: [...before.data.keys()].filter((key) => !after.data.has(key)),
    newEnvelopes: after.envelopes.filter(({ id }) => !old.has(id)),
    goneEnvelopes: before.envelopes.filter(({ id }) => !now.has(id)),
    template: !sameData(templateOf(before), templateOf(after)),
  }
}

/** The texts of the values that an edit makes unreadable: replaced or removed. */
export const goneKeys = ({ replaced, removed }: Changes): string[] => [...replaced, ...removed]

const templateOf = ({ template }: SealedSecret): unknown =>
  (sealedSecretObject({ ...EMPTY, template }).spec as { template?: unknown }).template

const EMPTY: Omit<SealedSecret, 'template'> = {
  name: '',
  namespace: '',
  scope: 'strict',
  labels: new Map(),
  annotations: new Map(),
  envelopes: [],
  data: new Map(),
}
