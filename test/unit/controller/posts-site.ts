import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LineWriter } from '../../../controller/audit/file.ts'
import { storePlain } from '../../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../../controller/keys/key-secret.ts'
import { type Options, optionsCommand } from '../../../controller/options.ts'
import { run } from '../../../controller/run.ts'
import { chooseKem } from '../../../shared/crypto/kem/choose.ts'
import { SECRETS } from '../../../shared/kube/resources.ts'
import type { AccessQuestion } from '../../../shared/sandbox/reviews.ts'
import { type Sandbox, startSandbox } from '../../../shared/sandbox/start.ts'
import { type ControllerSite, startSite } from '../../contract/controller-site.ts'
import { seededRandom, testKeys } from '../../support/objects.ts'
import { until } from '../../support/programs.ts'
import { memoryLog } from './world.ts'

/** A whole controller in this process, and an embedded server whose access reviews a test decides about. */
export interface PostsSite {
  sandbox: Sandbox
  site: ControllerSite
  /** `http://127.0.0.1:port` */
  url: string
  metricsUrl: string
  log: ReturnType<typeof memoryLog>
  /** What access reviews answer from now on. */
  allow(access: (question: AccessQuestion) => boolean): void
  /** Each question that was put to an access review. */
  asked: AccessQuestion[]
  /** A token of a ServiceAccount, for the audience. */
  token(name: string, audiences?: readonly string[]): Promise<string>
  stop(): Promise<void>
}

const kem = await chooseKem()

/** The key in the cluster is the second of `testKeys`, and the first is retired there. */
export const [retiredKey, clusterKey, strangeKey] = (await testKeys(kem, 3)) as [
  Awaited<ReturnType<typeof testKeys>>[number],
  Awaited<ReturnType<typeof testKeys>>[number],
  Awaited<ReturnType<typeof testKeys>>[number],
]

const SELF = ['tokenreviews', 'subjectaccessreviews']

export async function startPosts(
  options: Partial<Options> = {},
  reviews = true,
  audit?: LineWriter,
): Promise<PostsSite> {
  const dir = await mkdtemp(join(tmpdir(), 'waxwing-posts-'))
  let access: (question: AccessQuestion) => boolean = () => true
  const asked: AccessQuestion[] = []
  const sandbox = await startSandbox({
    access(question) {
      if (SELF.includes(question.resource)) return reviews
      asked.push(question)
      return access(question)
    },
  })
  const kubeconfig = join(dir, 'kubeconfig')
  await writeFile(kubeconfig, sandbox.kubeconfig())
  const site = await startSite(async () => ({
    kubeconfig,
    audit: async () => sandbox.audit(),
    typesAdded: async () => undefined,
    loseWatches: async () => sandbox.cutWatches(),
    stop: () => sandbox.stop(),
  }))
  for (const [n, state] of [
    [1, 'retired'],
    [2, 'active'],
  ] as const) {
    const seed = new Uint8Array(32).fill(n)
    const named = { name: `key-${n}`, namespace: 'waxwing-system', holder: 'prod', seed, now: n * 8e11 }
    const secret = await newKeySecret(kem, named, storePlain)
    await site.kube.create(SECRETS, {
      ...secret,
      metadata: { ...secret.metadata, labels: { 'waxwing.dev/sealing-key': state } },
    })
  }
  const log = memoryLog()
  const end = new AbortController()
  const ended = run(
    {
      ...optionsCommand().parse([], { from: 'user' }).opts<Options>(),
      kubeconfig,
      listen: { host: '127.0.0.1', port: 0 },
      metricsListen: { host: '127.0.0.1', port: 0 },
      keyRenewEvery: 0,
      ...options,
    },
    {
      log,
      audit,
      signal: end.signal,
      now: Date.now,
      clock: () => performance.now(),
      random: () => 0.1,
      randomBytes: seededRandom(Date.now()),
    },
  )
  ended.catch(() => undefined)
  const { fields } = await until('listening', async () =>
    log.lines.find(({ message }) => message === 'listening'),
  )
  const { listen, metrics } = fields as { listen: string; metrics: string }
  const url = `${options.tlsCert ? 'https' : 'http'}://${listen}`
  await until(
    'the keys',
    async () => log.lines.filter(({ message }) => message.startsWith('loaded')).length === 2,
  )
  sandbox.exposeService('waxwing-system', 'waxwing', new URL(url).protocol.slice(0, -1), url)
  return {
    sandbox,
    site,
    url,
    metricsUrl: `http://${metrics}`,
    log,
    asked,
    allow(next) {
      access = next
    },
    async token(name, audiences = ['waxwing']) {
      const path = `/api/v1/namespaces/shop/serviceaccounts/${name}/token`
      const answer = await site.kube.post(path, JSON.stringify({ spec: { audiences } }))
      return JSON.parse(answer).status.token
    },
    async stop() {
      end.abort()
      await ended
      await site.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
