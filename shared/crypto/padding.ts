const floorLog2 = (n: number): number => 31 - Math.clz32(n)

/**
 * The padded length of L bytes: 32 up to 32, above that Padmé (Nikitin et al., PETS 2019, §4), which hides a length to
 * within 12 %.
 */
export function paddedLength(length: number): number {
  if (length <= 32) return 32
  const exponent = floorLog2(length)
  const significant = floorLog2(exponent) + 1
  const step = 2 ** (exponent - significant)
  return Math.ceil(length / step) * step
}

/** v ‖ 0x80 ‖ 0x00… up to P(|v| + 1). */
export function pad(value: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(value.length + 1))
  padded.set(value)
  padded[value.length] = 0x80
  return padded
}

/** The value, or undefined where the mark is missing or the length is not exactly what `pad` gives. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.length - 1
  while (end >= 0 && padded[end] === 0) end -= 1
  if (end < 0 || padded[end] !== 0x80) return undefined
  return padded.length === paddedLength(end + 1) ? padded.slice(0, end) : undefined
}
