import type { Agent } from 'node:http'

/** How to reach one API server as one user. config.ts makes it from a kubeconfig; tests write it down. */
export interface Connection {
  /** `https://host:port`, with a path where a gateway puts the API below one. */
  server: string
  /** The namespace of the kubeconfig's context, or the pod's. */
  namespace?: string
  tls?: TlsOptions
  /**
   * What to send along, now. Called for every request, so what is unchanged comes back as the same object. `rejected`:
   * credentials that the server has just refused; ask the source again even if they should still hold.
   */
  authorize(rejected?: Credentials): Promise<Credentials>
}

export interface TlsOptions {
  ca?: string | Buffer
  servername?: string
  rejectUnauthorized?: boolean
}

export interface Credentials {
  headers: Record<string, string | string[]>
  /** A client certificate. */
  cert?: string | Buffer
  key?: string | Buffer
  /** Makes the connections instead of ours: the way through a proxy. */
  agent?: Agent
}
