import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { bitString, element, integer, octetString, oid, sequence, set, TRUE, time, utf8 } from './der.ts'

export interface Certificate {
  cert: string
  key: string
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const YEAR_MS = 365 * 24 * 3_600_000

/**
 * A self-signed certificate for loopback (RFC 5280), which is its own CA. Written here because Node cannot make one, and
 * the libraries that can bring eleven others along.
 */
export function selfSigned(now: Date): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8('kubernetes sandbox'))))
  const toSign = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date(now.getTime() - YEAR_MS)), time(new Date(now.getTime() + YEAR_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(authority(), alternativeNames())),
  )
  const signature = sign('sha256', toSign, privateKey)
  return {
    cert: pem(sequence(toSign, ECDSA_WITH_SHA256, bitString(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function authority(): Buffer {
  return sequence(oid('2.5.29.19'), TRUE, octetString(sequence(TRUE)))
}

function alternativeNames(): Buffer {
  const address = element(0x87, Buffer.from([127, 0, 0, 1]))
  const host = element(0x82, Buffer.from('localhost'))
  return sequence(oid('2.5.29.17'), octetString(sequence(address, host)))
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
