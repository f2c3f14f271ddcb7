import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Connection, Credentials } from './connection.ts'
import { ConfigError } from './errors.ts'

/** Connections that are kept between requests: a TLS handshake per call costs about ten times the call itself. */
export interface Agents {
  /** `apart`: whose connections no other requests take, unless the credentials bring the agent. */
  agentFor(credentials: Credentials, apart?: boolean): HttpAgent
  /** Closes what waits to be used again. */
  dropIdle(): void
  destroy(): void
}

/** kube-apiserver closes idle connections after 90 s; closing them first avoids the race. */
const IDLE_SOCKET_MS = 60_000

export function createAgents(connection: Connection): Agents {
  const made: HttpAgent[] = []
  const current = new Map<boolean, { credentials: Credentials; agent: HttpAgent }>()

  return {
    agentFor(credentials, apart = false) {
      if (credentials.agent !== undefined) return credentials.agent
      const last = current.get(apart)
      // A renewed token goes over the connections there are; a renewed client certificate needs new ones.
      if (last && sameCertificate(last.credentials, credentials)) return last.agent
      const agent = createAgent(connection, credentials)
      current.set(apart, { credentials, agent })
      made.push(agent)
      return agent
    },
    dropIdle() {
      for (const { freeSockets } of made)
        for (const sockets of Object.values(freeSockets))
          for (const socket of [...(sockets ?? [])]) socket.destroy()
    },
    destroy() {
      for (const agent of made) agent.destroy()
    },
  }
}

function sameCertificate(a: Credentials, b: Credentials): boolean {
  return String(a.cert) === String(b.cert) && String(a.key) === String(b.key)
}

function createAgent(connection: Connection, { cert, key }: Credentials): HttpAgent {
  const keeping = { keepAlive: true, scheduling: 'lifo', timeout: IDLE_SOCKET_MS } as const
  if (connection.server.startsWith('http:')) return new HttpAgent(keeping)
  const tls = { ...connection.tls, ...(cert && { cert }), ...(key && { key }) }
  checkCertificates(tls)
  const agent = new HttpsAgent({ ...keeping, ...tls })
  // Node names the pool of a connection after all its TLS options, certificates included, on every request. All of
  // this agent's connections are alike.
  agent.getName = () => connection.server
  return agent
}

/** Otherwise every request would fail anew, each with OpenSSL's own words. */
function checkCertificates(tls: SecureContextOptions): void {
  try {
    createSecureContext(tls)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(`the CA, client certificate or client key cannot be used: ${code ?? 'not PEM'}`)
  }
}
