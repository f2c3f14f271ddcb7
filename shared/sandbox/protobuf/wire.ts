/** The wire format: https://protobuf.dev/programming-guides/encoding/ */
export interface WireField {
  number: number
  /** Of a varint, its value; of anything with a length, its bytes. */
  value: number | Buffer
}

/** The fields of a message in their order. Throws RangeError where the bytes end too early. */
export function readFields(bytes: Buffer): WireField[] {
  const fields: WireField[] = []
  let at = 0

  function varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes.readUInt8(at++)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  function take(length: number): Buffer {
    if (at + length > bytes.length) throw new RangeError('a field ends after its message')
    at += length
    return bytes.subarray(at - length, at)
  }

  while (at < bytes.length) {
    const tag = varint()
    const number = tag >>> 3
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() })
        break
      case 1:
        take(8)
        break
      case 2:
        fields.push({ number, value: take(varint()) })
        break
      case 5:
        take(4)
        break
      default:
        throw new RangeError('a field of unknown type')
    }
  }
  return fields
}
