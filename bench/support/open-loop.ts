// Opens SealedSecrets of three values, in a process of its own: open-loop COUNT. Prints the milliseconds of CPU that one
// opening takes, as the median of ten batches, and which ML-KEM it was.
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
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

async function batch(): Promise<number> {
  const fresh = Array.from({ length: count / BATCHES }, (_, i) => JSON.parse(texts[i % texts.length] ?? ''))
  const before = process.cpuUsage()
  for (const object of fresh) await openSealedSecret(object, keys)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / fresh.length
}

// The first is the compiler's.
await batch()
const costs: number[] = []
for (let i = 0; i < BATCHES; i += 1) costs.push(await batch())
costs.sort((a, b) => a - b)
process.stdout.write(JSON.stringify({ kem: kem.name, ms: costs[BATCHES / 2] }))
