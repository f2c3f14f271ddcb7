import type { Bound } from './bound.ts'
import { box, NONCE_BYTES, openBox } from './box.ts'
import { concat, enc } from './bytes.ts'
import { derive } from './derive.ts'
import { pad, unpad } from './padding.ts'
import type { Random } from './xwing.ts'

/** Bound to the data key's name too, or a writer to git could swap two sealed values. */
function valueKey(dek: Uint8Array, { scope, namespace, name }: Bound, dataKey: string): Uint8Array {
  return derive(dek, enc('waxwing.dev/v1 value', scope, namespace, name, dataKey))
}

/** nonce (24 bytes) ‖ secretbox of the padded value. */
export function sealValue(
  dek: Uint8Array,
  bound: Bound,
  dataKey: string,
  value: Uint8Array,
  random: Random,
): Uint8Array {
  const nonce = random(NONCE_BYTES)
  return concat(nonce, box(valueKey(dek, bound, dataKey), nonce, pad(value)))
}

/** The value, or undefined where it does not open or its padding is not exactly the rule's. */
export function openValue(
  dek: Uint8Array,
  bound: Bound,
  dataKey: string,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const nonce = sealed.slice(0, NONCE_BYTES)
  const padded = openBox(valueKey(dek, bound, dataKey), nonce, sealed.slice(NONCE_BYTES))
  return padded && unpad(padded)
}
