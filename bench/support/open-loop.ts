// Opens SealedSecrets of three values, in a process of its own: open-loop COUNT. Prints the milliseconds of CPU that one
// opening takes, and X-Wing's decapsulation alone, as medians of ten batches, and which ML-KEM it was.
import { randomBytes } from 'node:crypto'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { encapsulate } from '../../shared/crypto/xwing.ts'
import { openSeed } from '../../shared/keys/seed.ts'
import { openSealedSecret } from '../../shared/resource/desired.ts'
import { sealedSecret } from './sealed.ts'

const BATCHES = 10
const count = Number(process.argv[2])
const kem = await chooseKem()
const { id, key } = await openSeed(kem, new Uint8Array(32).fill(7), 'bench')
const keys = new Map([[id, key]])
const objects = await Promise.all(
  Array.from({ length: 50 }, (_, i) =>
    sealedSecret({ id, publicKey: key.publicKey }, 'bench', `object-${i}`),
  ),
)

/** As the watch gives them: fresh from JSON. */
const texts = objects.map((object) => JSON.stringify(object))

type Open = (i: number) => Promise<unknown>

async function cpuOf(open: Open, times: number): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < times; i += 1) await open(i)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / times
}

async function openFresh(): Promise<number> {
  const fresh = Array.from({ length: count / BATCHES }, (_, i) => JSON.parse(texts[i % texts.length] ?? ''))
  return cpuOf((i) => openSealedSecret(fresh[i], keys), fresh.length)
}

const encapsulated = await encapsulate(kem, key.publicKey, (size) => new Uint8Array(randomBytes(size)))
if (!encapsulated) throw new Error('the key is none')
const decapsulate = () => cpuOf(() => key.decapsulate(encapsulated.ciphertext), count / BATCHES)

// The first is the compiler's.
await openFresh()
await decapsulate()
const opening: number[] = []
const decapsulating: number[] = []
for (let i = 0; i < BATCHES; i += 1) {
  opening.push(await openFresh())
  decapsulating.push(await decapsulate())
}
const median = (costs: number[]) => costs.sort((a, b) => a - b)[BATCHES / 2]
process.stdout.write(JSON.stringify({ kem: kem.name, ms: median(opening), kemMs: median(decapsulating) }))
