import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { Credentials, TlsOptions } from '../../../../shared/kube/connection.ts'
import { ConfigError } from '../../../../shared/kube/errors.ts'
import type { Kube } from '../../../../shared/kube/port.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { TEST_CERT, TEST_KEY } from './certificate.ts'
import { object, type ScriptedServer, sendJson, serve } from './server.ts'

let server: ScriptedServer
let kube: Kube
const seen = { names: [] as unknown[], subjects: [] as unknown[] }

afterEach(async () => {
  kube.close()
  await server.close()
})

async function get(tls: TlsOptions, credentials: Credentials[] = [{ headers: {} }]) {
  seen.names = []
  seen.subjects = []
  const options = {
    cert: TEST_CERT,
    key: TEST_KEY,
    ca: TEST_CERT,
    requestCert: true,
    rejectUnauthorized: false,
  }
  const make = () =>
    createServer(options).on('secureConnection', (socket: TLSSocket) => {
      seen.names.push(socket.servername)
      seen.subjects.push(socket.getPeerCertificate().subject?.CN)
    })
  server = await serve((_, response) => sendJson(response, object('db', '7')), make)
  const address = server.connection.server.replace('http:', 'https:')
  let calls = 0
  const authorize = async () => credentials[Math.min(calls++, credentials.length - 1)] ?? { headers: {} }
  kube = connect({ server: address, tls, authorize }, { userAgent: 'test' })
  for (let call = 0; call < 4; call++) await kube.get(SECRETS, { namespace: 'team', name: 'db' })
  return server.accepted()
}

test('a server whose CA is known, over one connection', async () => {
  expect(await get({ ca: TEST_CERT })).toBe(1)
})

test('a server by another name than its address', async () => {
  expect(await get({ ca: TEST_CERT, servername: 'api.test' })).toBe(1)
  expect(seen.names).toEqual(['api.test'])
})

test.each<[string, TlsOptions, string]>([
  ['whose CA is unknown', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['with the wrong name', { ca: TEST_CERT, servername: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a server %s is refused', async (_, tls, code) => {
  await expect(get(tls)).rejects.toMatchObject({ name: 'NetworkError', code })
})

test('a server that nobody vouches for, where that is wanted', async () => {
  expect(await get({ rejectUnauthorized: false })).toBe(1)
})

test('a certificate that cannot be used is a mistake in the kubeconfig', async () => {
  const broken = { headers: {}, cert: TEST_CERT, key: 'nonsense' }
  await expect(get({ ca: TEST_CERT }, [broken])).rejects.toThrow(ConfigError)
})

test('a certificate without its key, as a rotation shows it for a moment, is asked for again', async () => {
  const broken = { headers: {}, cert: TEST_CERT, key: 'nonsense' }
  const whole = { headers: {}, cert: TEST_CERT, key: TEST_KEY }
  expect(await get({ ca: TEST_CERT }, [broken, whole])).toBe(1)
  expect(seen.subjects).toEqual(['waxwing test'])
})

test('a client certificate is shown; a new token keeps the connection, a new certificate takes a new one', async () => {
  const cert = Buffer.from(TEST_CERT)
  const key = Buffer.from(TEST_KEY)
  const accepted = await get({ ca: TEST_CERT }, [
    { headers: {} },
    { headers: {}, cert, key },
    { headers: { Authorization: 'Bearer a' }, cert, key },
    { headers: { Authorization: 'Bearer b' }, cert: Buffer.from(TEST_CERT), key },
  ])
  expect(accepted).toBe(2)
  expect(seen.subjects).toEqual([undefined, 'waxwing test'])
})
