import type { Bound } from './bound.ts'
import { box, NONCE_BYTES, openBox } from './box.ts'
import { concat, enc } from './bytes.ts'
import { deriver } from './derive.ts'
import { pad, unpad } from './padding.ts'
import type { Random } from './xwing.ts'

/** Bound to the data key's name too, or a writer to git could swap two sealed values. */
function valueKeys(dek: Uint8Array, { scope, namespace, name }: Bound): (dataKey: string) => Uint8Array {
  const derive = deriver(dek)
  return (dataKey) => derive(enc('waxwing.dev/v1 value', scope, namespace, name, dataKey))
}

/** Gives nonce (24 bytes) ‖ secretbox of the padded value. */
export function valueSealer(
  dek: Uint8Array,
  bound: Bound,
  random: Random,
): (dataKey: string, value: Uint8Array) => Uint8Array {
  const keyOf = valueKeys(dek, bound)
  return (dataKey, value) => {
    const nonce = random(NONCE_BYTES)
    return concat(nonce, box(keyOf(dataKey), nonce, pad(value)))
  }
}

/** Gives the value, or undefined where it does not open or its padding is not exactly the rule's. */
export function valueOpener(
  dek: Uint8Array,
  bound: Bound,
): (dataKey: string, sealed: Uint8Array) => Uint8Array | undefined {
  const keyOf = valueKeys(dek, bound)
  return (dataKey, sealed) => {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const padded = openBox(keyOf(dataKey), nonce, sealed.subarray(NONCE_BYTES))
    return padded && unpad(padded)
  }
}
