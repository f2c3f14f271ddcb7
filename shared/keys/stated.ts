import { fromBase64 } from '../crypto/base64.ts'
import { toPlain } from '../format/plain.ts'
import { parseYaml } from '../format/yaml.ts'
import { readSealingKey, type SealingKey } from './public.ts'

/**
 * The public part that a key Secret states under `data.public`; undefined where there is none, and as `readSealingKey` throws
 * where it breaks a rule. That it is the seed's is only proved by opening the seed.
 */
export function readStatedKey(base64: string): SealingKey | undefined {
  const bytes = fromBase64(base64)
  const root = bytes && parseYaml(new TextDecoder().decode(bytes))
  return root && readSealingKey(toPlain(root).data)
}
