import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  bitString,
  element,
  integer,
  octetString,
  oid,
  sequence,
  set,
  TRUE,
  time,
  utf8,
} from '../../shared/sandbox/server/der.ts'

/** A CA for client certificates, as the API server takes it by --client-ca-file. */
export interface Authority {
  pem: string
  /** A certificate and key, in PEM, of the user of that name; valid from a minute ago until then. */
  issue(user: string, until: Date): Pair
}

interface Pair {
  cert: string
  key: string
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const MINUTE_MS = 60_000
const CA = sequence(oid('2.5.29.19'), TRUE, octetString(sequence(TRUE)))
/** For clients: RFC 5280 section 4.2.1.12. */
const CLIENT = sequence(oid('2.5.29.37'), octetString(sequence(oid('1.3.6.1.5.5.7.3.2'))))

export function createAuthority(): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = named('faults test CA')
  const from = new Date(Date.now() - MINUTE_MS)

  /** RFC 5280 section 4.1. */
  function certificate(subject: Buffer, publicKey: KeyObject, until: Date, extension: Buffer): string {
    const toSign = sequence(
      element(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
      ECDSA_WITH_SHA256,
      name,
      sequence(time(from), time(until)),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      element(0xa3, sequence(extension)),
    )
    const der = sequence(toSign, ECDSA_WITH_SHA256, bitString(sign('sha256', toSign, own.privateKey)))
    const lines = der.toString('base64').match(/.{1,64}/g) ?? []
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
  }

  return {
    pem: certificate(name, own.publicKey, new Date(Date.now() + 1440 * MINUTE_MS), CA),
    issue(user, until) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      return {
        cert: certificate(named(user), publicKey, until, CLIENT),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    },
  }
}

const named = (name: string) => sequence(set(sequence(oid('2.5.4.3'), utf8(name))))
