import { problem } from '../secret-problem.ts'
import type { ValueCheck } from './value.ts'

/** UTF-8's mark, or UTF-16's before a text (a file that is binary may begin with the same two bytes). */
export const checkBom: ValueCheck = ({ key, bytes, text, kind }) => {
  const marked = text === undefined ? isUtf16(bytes) : text.startsWith('\uFEFF')
  return marked && kind !== 'cluster' ? problem('value-bom', key) : undefined
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  const little = first === 0xff && second === 0xfe
  if (!little && !(first === 0xfe && second === 0xff)) return false
  // Of a text in Latin letters, every second byte is zero: the high one.
  const high = bytes.subarray(2).filter((_, i) => (i % 2 === 1) === little)
  return (
    bytes.length % 2 === 0 && high.length > 0 && high.filter((byte) => byte === 0).length > high.length / 2
  )
}
