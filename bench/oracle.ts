// Whether the time of a refusal tells why: asks the controller to verify objects of several kinds, as callers without and
// with rights, in random order, and compares the times of the kinds by the two-sample test of Kolmogorov and Smirnov.
// The controller is the built one, in a process of its own; the API server is the embedded one, or with --real the real one.
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { parseArgs } from 'node:util'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import type { SealedSecret } from '../shared/format/sealed-secret.ts'
import { sealedSecretObject } from '../shared/format/write.ts'
import { openSeed } from '../shared/keys/seed.ts'
import { publishedKey, put } from '../test/contract/controller-site.ts'
import { sealFor } from '../test/support/objects.ts'
import { print } from './support/figures.ts'
import { distance, kolmogorovSmirnov } from './support/kolmogorov-smirnov.ts'
import { startOracleSite, type Who } from './support/oracle-site.ts'
import { median } from './support/orders.ts'
import { inFlight } from './support/pool.ts'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '200' }, real: { type: 'boolean', default: false } },
})
const count = Number(values.requests)
/** Of one caller only so many may be under way, and so many a second. */
const CALLERS = 24
const WIDTH = 4
const ALPHA = 0.01

const agent = new Agent({ keepAlive: false })
const { site, token } = await startOracleSite(values.real, CALLERS)
try {
  const { url } = await site.start()
  const kem = await chooseKem()
  const random = (size: number) => new Uint8Array(randomBytes(size))
  const key = await publishedKey(site.kube)
  const { id, key: strange } = await openSeed(kem, random(32), 'strange')
  const seal = (identity = {}, to: { id: string; publicKey: Uint8Array } = key) =>
    sealFor(kem, [to], new Map([['password', random(20)]]), random, identity)
  const there = await seal({ name: 'there' })
  await put(site.kube, sealedSecretObject(there) as never)

  const flip = (sealed: SealedSecret): SealedSecret => ({
    ...sealed,
    data: new Map(
      [...sealed.data].map(([name, value]) => [
        name,
        { ...value, sealed: value.sealed.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) },
      ]),
    ),
  })
  const strangers: Kind[] = [
    ['opens', async () => seal()],
    ['is there', async () => there],
    ['is tampered with', async () => flip(await seal())],
    ['is for another key', async () => seal({}, { id, publicKey: strange.publicKey })],
    ['is moved', async () => ({ ...(await seal()), name: 'moved' })],
    ['is in no namespace', async () => seal({ namespace: `n-${randomBytes(4).toString('hex')}` })],
    ['is malformed', async () => ({ ...(await seal()), scope: 'none' as never })],
  ]
  const all: { title: string; who: Who; kinds: Kind[] }[] = [
    { title: 'without the right', who: 'stranger', kinds: strangers },
    {
      title: 'with the right',
      who: 'holder',
      kinds: strangers.slice(2).filter(([name]) => !name.includes('namespace')),
    },
  ]
  for (const { title, who, kinds } of all) await measure(url, title, who, kinds)
  await control(url, seal)
} finally {
  await site.stop()
}

type Kind = [string, () => Promise<SealedSecret>]

async function tokensOf(who: Who): Promise<string[]> {
  return Promise.all(Array.from({ length: CALLERS }, (_, n) => token(who, n)))
}

async function measure(url: string, title: string, who: Who, kinds: readonly Kind[]): Promise<void> {
  const tokens = await tokensOf(who)
  const times = new Map<string, number[]>(kinds.map(([name]) => [name, []]))
  const bodies = await Promise.all(
    kinds.flatMap(([name, make]) =>
      Array.from({ length: count }, async () => ({
        name,
        body: JSON.stringify(sealedSecretObject(await make())),
      })),
    ),
  )
  bodies.sort(() => Math.random() - 0.5)
  let next = 0
  await inFlight(bodies, WIDTH, async ({ name, body }) => {
    const { ms, status } = await ask(url, tokens[next++ % CALLERS] ?? '', body)
    if (status !== 403) throw new Error(`${name}: ${status}`)
    times.get(name)?.push(ms)
  })
  console.log(`\n${title}: ${count} requests of each kind, ms`)
  console.log(`${''.padEnd(22)}     5 %    25 %  median    75 %    95 %`)
  for (const [name, list] of times) console.log(name.padEnd(22) + quantiles(list))
  const pairs = [...times].flatMap(([a, x], i) =>
    [...times]
      .slice(i + 1)
      .map(([b, y]) => ({ pair: `${a} / ${b}`, p: kolmogorovSmirnov(x, y), d: distance(x, y) })),
  )
  const least = pairs.reduce((one, other) => (other.p < one.p ? other : one))
  // So many comparisons are made that one of them may look odd: Bonferroni.
  const figure = `p = ${least.p.toFixed(3)}, D = ${least.d.toFixed(3)} (${least.pair})`
  print(
    'most different pair',
    figure,
    least.p > ALPHA / pairs.length,
    `p over ${(ALPHA / pairs.length).toFixed(5)}`,
  )
}

/** The test has to tell what is different: answers to objects that open come at once. */
async function control(url: string, seal: () => Promise<SealedSecret>): Promise<void> {
  const tokens = await tokensOf('holder')
  const times = async (make: () => Promise<SealedSecret>) => {
    const list: number[] = []
    for (let i = 0; i < 40; i += 1)
      list.push(
        (await ask(url, tokens[i % CALLERS] ?? '', JSON.stringify(sealedSecretObject(await make())))).ms,
      )
    return list
  }
  const [opened, refused] = [
    await times(seal),
    await times(async () => ({ ...(await seal()), name: 'moved' })),
  ]
  console.log('')
  print(
    'opens / is moved, control',
    `${median(opened).toFixed(1)} and ${median(refused).toFixed(1)} ms`,
    kolmogorovSmirnov(opened, refused) < 1e-6,
    'told apart',
  )
}

function ask(url: string, token: string, body: string): Promise<{ ms: number; status: number }> {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Waxwing-Token': token, 'Content-Length': Buffer.byteLength(body) }
    const sent = request(`${url}/v1/verify`, { method: 'POST', agent, headers }, (response) => {
      const ms = performance.now() - started
      response.resume()
      response.on('end', () => resolve({ ms, status: response.statusCode ?? 0 }))
    })
    sent.on('error', reject)
    const started = performance.now()
    sent.end(body)
  })
}

function quantiles(list: readonly number[]): string {
  const sorted = list.toSorted((a, b) => a - b)
  return [0.05, 0.25, 0.5, 0.75, 0.95]
    .map((q) => (sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(2).padStart(8))
    .join('')
}
