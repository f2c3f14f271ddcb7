import type { Express } from 'express'
import type { MlKem } from '../../shared/crypto/kem/types.ts'
import type { Kube } from '../../shared/kube/port.ts'
import type { Audit } from '../audit/entry.ts'
import { createRequestAudit } from '../audit/requests.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { World } from '../world.ts'
import { type AppState, createApp } from './app.ts'
import { rewrapAsked, verifyAsked } from './asked.ts'
import { createCallers } from './callers.ts'
import { createPostRoutes, createPublicLimit } from './post-routes.ts'

export interface EndpointParts extends Pick<AppState, 'usage' | 'counter' | 'holder' | 'missing'> {
  kube: Kube
  signal: AbortSignal
  keyring: Keyring
  kem: MlKem
  /** The controller's own. */
  namespace: string
  /** Empty: all. */
  watchNamespace: readonly string[]
  trustedProxy: readonly string[]
  record?: Audit | undefined
}

export interface Endpoints {
  app: Express
  /** Finds out whether callers can be reviewed; says so in the log where they cannot. */
  look(): void
}

export function createEndpoints(world: World, parts: EndpointParts): Endpoints {
  const { keyring, watchNamespace, record } = parts
  const callers = createCallers({ ...world, ...parts })
  const post = createPostRoutes({
    ...parts,
    callers,
    random: world.randomBytes,
    serves: (namespace) => watchNamespace.length === 0 || watchNamespace.includes(namespace),
    log: world.log,
    clock: world.clock,
    answered:
      record &&
      createRequestAudit(record, (id) => keyring.private().has(id), { ...world, signal: parts.signal }),
  })
  return {
    app: createApp({
      ...parts,
      keys: () => keyring.shown(),
      limit: createPublicLimit(world.clock),
      rewrap: post(rewrapAsked),
      verify: post(verifyAsked),
    }),
    // That nobody answers yet does not matter: it is asked again with the first request.
    look: () => void callers.available().catch(() => undefined),
  }
}
