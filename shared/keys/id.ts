import { primitives } from '#primitives'
import { base32 } from '../crypto/base32.ts'
import { enc } from '../crypto/bytes.ts'
import { SUITE } from '../crypto/envelope.ts'

/** 28 characters: `wx` and 128 bits of SHA-256. Pins the key's bytes and nothing else: names and dates are unauthenticated. */
export function keyId(publicKey: Uint8Array): string {
  return `wx${base32(primitives.sha256(enc('waxwing.dev/v1 key', SUITE, publicKey)).slice(0, 16))}`
}

export const isKeyId = (text: string): boolean => /^wx[a-z2-7]{26}$/.test(text)

/** Enough of an id for people to tell keys apart: `wx7c2m…`. */
export const shortId = (id: string): string => `${id.slice(0, 6)}…`
