import { invalidValue, tooLong } from '../field-errors.ts'
import { docAt } from '../json.ts'
import type { Rules } from '../resources/types.ts'
import {
  base64Length,
  immutableErrors,
  keyErrors,
  MAX_DATA_BYTES,
  requireBase64,
  requireStrings,
} from './data.ts'

/** https://kubernetes.io/docs/concepts/configuration/configmap/ */
export const configMapRules: Rules = {
  decode(object) {
    requireStrings(object, 'data')
    requireBase64(object, 'binaryData')
  },
  validate(object, old) {
    const data = docAt(object, 'data')
    const binary = docAt(object, 'binaryData')
    const texts = Object.values(data).reduce<number>((sum, text) => sum + Buffer.byteLength(String(text)), 0)
    const bytes = Object.values(binary).reduce<number>((sum, text) => sum + base64Length(String(text)), texts)
    return [
      ...(old === undefined ? [] : immutableErrors(object, old, ['data', 'binaryData'])),
      ...keyErrors('data', Object.keys(data)),
      ...keyErrors('binaryData', Object.keys(binary)),
      ...Object.keys(data)
        .filter((key) => key in binary)
        .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
      ...(bytes > MAX_DATA_BYTES ? [tooLong('', MAX_DATA_BYTES)] : []),
    ]
  },
}
