import { isFail } from '../shared/check/finding.ts'
import { chooseKem } from '../shared/crypto/kem/choose.ts'
import type { PrivateKeys } from '../shared/format/unseal.ts'
import { keyAge } from '../shared/keys/dates.ts'
import type { SealingKey } from '../shared/keys/public.ts'
import { type PlacedKey, readKeyStream } from '../shared/ops/key-stream.ts'
import { readInput } from './io/read.ts'
import { Refused } from './refused.ts'

/** Every key of the `-k` files; a key that is given twice counts once. */
export async function readPublicKeys(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<PlacedKey<SealingKey>[]> {
  const keys = new Map<string, PlacedKey<SealingKey>>()
  for (const path of paths) {
    const { name, text } = await readInput(path, signal)
    const stream = await readKeyStream(name, text, chooseKem)
    const privates = stream.seeds.map(({ file, line }) => ({
      code: 'key-private' as const,
      severity: 'fail' as const,
      file,
      line,
      args: { reason: 'is a private key, and values are sealed to public ones' },
    }))
    refuse([...stream.findings, ...privates])
    for (const placed of stream.keys) if (!keys.has(placed.key.id)) keys.set(placed.key.id, placed)
  }
  return [...keys.values()]
}

/** The private keys of the `--seed` files, by id. */
export async function readPrivateKeys(paths: readonly string[], signal: AbortSignal): Promise<PrivateKeys> {
  const keys = new Map<string, PrivateKeys extends ReadonlyMap<string, infer K> ? K : never>()
  for (const path of paths) {
    const { name, text } = await readInput(path, signal)
    const { seeds, findings, keys: publics } = await readKeyStream(name, text, chooseKem)
    refuse(findings)
    const [only] = publics
    if (seeds.length === 0 && only)
      throw new Refused([
        {
          code: 'key-malformed',
          severity: 'fail',
          file: name,
          line: only.line,
          args: { reason: 'is a public key, and only private ones open values' },
          hint: 'Give the SealingKeySeed file that `waxwing keys generate` wrote.',
        },
      ])
    for (const { key } of seeds) keys.set(key.id, key.key)
  }
  return keys
}

/** Public keys of a text that was fetched. */
export async function parseKeys(source: string, text: string): Promise<SealingKey[]> {
  const { keys, findings } = await readKeyStream(source, text, chooseKem)
  refuse(findings)
  return keys.map(({ key }) => key)
}

/** The key to seal to: the newest, leaving out those that are dated in the future or retired. */
export function newestKey(keys: readonly SealingKey[], now: number): SealingKey | undefined {
  const [newest] = keys
    .filter((key) => !['not-yet', 'retired'].includes(keyAge(key, now)))
    .sort((a, b) => Date.parse(b.notBefore) - Date.parse(a.notBefore) || (a.id < b.id ? -1 : 1))
  return newest
}

function refuse(findings: ConstructorParameters<typeof Refused>[0]): void {
  if (findings.some(isFail)) throw new Refused(findings)
}
