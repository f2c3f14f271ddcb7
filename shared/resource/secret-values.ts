import { fromBase64 } from '../crypto/base64.ts'
import { utf8 } from '../crypto/bytes.ts'
import { isDataKey, MAX_VALUE_BYTES } from '../format/limits.ts'
import type { ScalarNode, YamlNode } from '../format/yaml.ts'
import type { SecretNotes } from './secret-notes.ts'
import { fieldName, textsAt } from './secret-texts.ts'

/** The values of a Secret: `data` is base64, `stringData` is text and wins over it, as in the API. */
export function readValues(
  notes: SecretNotes,
  data: YamlNode | undefined,
  stringData: YamlNode | undefined,
): Map<string, Uint8Array> {
  const values = new Map<string, Uint8Array>()
  const put = (field: string, key: ScalarNode, value: Uint8Array | undefined) => {
    if (!isDataKey(key.text)) notes.fail('data-key', key, { field: fieldName(field, key.text) })
    else if (value) values.set(key.text, value)
  }
  for (const { key, text } of textsAt(notes, data, 'data')) {
    const value = decode(text)
    if (!value) notes.fail('secret-base64', key, { field: fieldName('data', key.text), key: shownKey(key) })
    put('data', key, value)
  }
  for (const { key, text } of textsAt(notes, stringData, 'stringData')) put('stringData', key, utf8(text))
  const bytes = [...values.values()].reduce((sum, value) => sum + value.length, 0)
  const holder = data ?? stringData
  if (bytes > MAX_VALUE_BYTES && holder)
    notes.fail('too-large', holder, { problem: 'values', limit: String(MAX_VALUE_BYTES) })
  return values
}

/** The API's decoder skips line breaks (block scalars have them), and nothing else. */
const decode = (text: string): Uint8Array | undefined => fromBase64(text.replace(/[\r\n]/g, ''))

const shownKey = ({ text }: ScalarNode): string => (isDataKey(text) ? text : 'it')
