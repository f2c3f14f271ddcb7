import { utf8 } from '../../crypto/bytes.ts'
import { type Place, SealError } from '../../errors.ts'
import { isDataKey } from '../../format/limits.ts'
import { fieldName } from '../../resource/secret-texts.ts'

/** The values of a Secret in the making. A key that is given twice is refused, as kubectl does. */
export interface Values {
  readonly map: ReadonlyMap<string, Uint8Array>
  put(key: string, value: Uint8Array | string, where?: Place): void
}

export function newValues(): Values {
  const map = new Map<string, Uint8Array>()
  return {
    map,
    put(key, value, where) {
      const field = fieldName('data', key)
      if (!isDataKey(key))
        throw new SealError('data-key', `${field} is not a data key that Kubernetes accepts`, { where })
      if (map.has(key)) throw new SealError('value-twice', `${field} is given twice`, { where })
      map.set(key, typeof value === 'string' ? utf8(value) : value)
    },
  }
}
