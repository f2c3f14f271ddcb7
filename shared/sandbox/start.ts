import { randomBytes } from 'node:crypto'
import { type Api, timestamp } from './api.ts'
import { runBackground } from './background/run.ts'
import { kubeconfigText } from './kubeconfig.ts'
import { createRegistry } from './resources/registry.ts'
import type { AccessQuestion } from './reviews.ts'
import { type AuditEvent, createAudit } from './server/audit.ts'
import { selfSigned } from './server/certificate.ts'
import { createFaults, type Faults } from './server/faults.ts'
import { listen } from './server/listen.ts'
import { createServiceProxy } from './server/proxy.ts'
import { serve } from './server/serve.ts'
import { createTokens } from './server/tokens.ts'
import { createWatches } from './server/watches.ts'
import { createStore, type Store } from './store.ts'
import { systemNamespaces } from './system-namespaces.ts'

export interface SandboxOptions {
  /** A free one by default. */
  port?: number
  /** True by default; kubectl sends its token over TLS alone. */
  tls?: boolean
  clock?: () => Date
  /** How many writes of each collection a watch can go back. */
  historySize?: number
  /** How often a watch that wants bookmarks gets one. */
  bookmarkMs?: number
  /** Further tokens, with the user names that the audit log is to show. */
  tokens?: Readonly<Record<string, string>>
  /** What access reviews answer; yes to everything by default. Nothing else here asks for rights. */
  access?: (question: AccessQuestion) => boolean
}

/** A running API server: a sandbox for tests and the demo, never for production. See docs/sandbox.md. */
export interface Sandbox {
  readonly url: string
  /** The admin's bearer token. */
  readonly token: string
  /** What to trust; undefined over plain HTTP. */
  readonly caPem?: string
  /** YAML for a file that kubectl takes. */
  kubeconfig(): string
  readonly faults: Pick<Faults, 'add' | 'clear'>
  /** The finished writes so far, in order. */
  audit(): AuditEvent[]
  /** Makes the service proxy lead to a server on loopback. */
  exposeService(namespace: string, name: string, port: string | number, url: string): void
  /** Resets the open watches. */
  cutWatches(): void
  /** The open watches fall silent without ending; new ones work. */
  freezeWatches(): void
  /** Forgets what was before now: a watch or list that goes on from an older resourceVersion gets 410. */
  compact(): void
  openWatches(): number
  stop(): Promise<void>
}

const HISTORY_SIZE = 10_000
const BOOKMARK_MS = 60_000

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.clock ?? (() => new Date())
  const store = createStore(options.historySize ?? HISTORY_SIZE)
  const token = randomBytes(24).toString('hex')
  const tokens = createTokens(new Map([...Object.entries(options.tokens ?? {}), [token, 'admin']]))
  const reviewers = { tokens, access: options.access ?? (() => true) }
  const api: Api = { store, registry: createRegistry(store), reviewers, now }
  const stopBackground = runBackground(api)
  addSystemNamespaces(store, now())

  const certificate = options.tls === false ? undefined : selfSigned(new Date())
  const audit = createAudit(now)
  const faults = createFaults()
  const proxy = createServiceProxy()
  const watches = createWatches(options.bookmarkMs ?? BOOKMARK_MS)
  const listening = await listen(
    options.port ?? 0,
    certificate,
    serve({ api, audit, faults, proxy, watches }),
  )
  const ca = certificate === undefined ? {} : { caPem: certificate.cert }

  return {
    url: listening.url,
    token,
    ...ca,
    kubeconfig: () => kubeconfigText({ url: listening.url, token, ...ca }),
    faults,
    audit: audit.events,
    exposeService: proxy.expose,
    cutWatches: watches.cut,
    freezeWatches: watches.freeze,
    compact: store.compact,
    openWatches: watches.count,
    async stop() {
      stopBackground()
      await listening.stop()
    },
  }
}

function addSystemNamespaces(store: Store, now: Date): void {
  for (const namespace of systemNamespaces(timestamp(now))) store.put('namespaces', namespace)
}
