import { valueText } from '../format/write.ts'
import { readSealedStream } from './sealed-stream.ts'

/** The texts of one file. */
export interface Replacement {
  before: string
  after: string
  /** As the last commit has it. */
  committed: string
}

/**
 * Data keys whose sealed value or template would be gone for good where a file is written anew. `anew`: what is sealed again
 * from its source, as `namespace/name key`; that is replaced, and not lost.
 */
export function lostValues(file: string, texts: Replacement, anew: ReadonlySet<string>): string[] {
  const kept = new Set(
    [texts.after, texts.committed].flatMap((text) => entriesOf(file, text).map(identityOf)),
  )
  const lost = entriesOf(file, texts.before).filter(
    (entry) => !kept.has(identityOf(entry)) && (entry.what === 'template' || !anew.has(entry.place)),
  )
  return [...new Set(lost.map(({ key }) => key))]
}

interface Entry {
  key: string
  /** `shop/db password` */
  place: string
  what: 'value' | 'template'
  text: string
}

const identityOf = ({ place, what, text }: Entry): string => `${what} ${place} ${text}`

export const placeOf = (namespace: string, name: string, key: string): string => `${namespace}/${name} ${key}`

/** Whatever is malformed holds nothing that anybody could open. */
function entriesOf(file: string, text: string): Entry[] {
  return readSealedStream(file, text).sealed.flatMap(({ sealed: { namespace, name, data, template } }) => [
    ...[...data].map(([key, value]) => ({
      key,
      place: placeOf(namespace, name, key),
      what: 'value' as const,
      text: valueText(value),
    })),
    ...[...template.data].map(([key, text]) => ({
      key,
      place: placeOf(namespace, name, key),
      what: 'template' as const,
      text,
    })),
  ])
}
