import { expect, test } from 'vitest'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { Random } from '../../shared/crypto/xwing.ts'
import { SealError } from '../../shared/errors.ts'
import { readSealedSecret } from '../../shared/format/schema.ts'
import { unseal } from '../../shared/format/unseal.ts'
import { sealedSecretObject, yamlText } from '../../shared/format/write.ts'
import { asKeys, below, readText, sealObject, seededRandom, testKeys } from '../support/objects.ts'
import { remembering } from '../support/remembering.ts'

type Json = Record<string, unknown>

/** CI asks for 100,000 on the runtime with a fast KEM; elsewhere the portable one would take most of the suite's time. */
const INPUTS = Number(process.env.HOSTILE_INPUTS ?? 20_000)
const SEED = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_007)

/** Objects of one identity (older and newer) and of others: what an attacker with write access to git has at hand. */
async function pool() {
  const kem = remembering(await chooseKem())
  const keys = await testKeys(kem, 2)
  const random = seededRandom(SEED)
  const identities = [
    { name: 'db', namespace: 'shop', scope: 'strict' as const },
    { name: 'db', namespace: 'shop', scope: 'strict' as const },
    { name: 'cache', namespace: 'shop', scope: 'strict' as const },
    { name: 'db', namespace: 'shop', scope: 'namespace' as const },
    { name: 'db', namespace: 'shop', scope: 'cluster' as const },
  ]
  const sealed = []
  for (const [i, identity] of identities.entries()) {
    const values = new Map([
      ['user', Buffer.from(`user-${i}`)],
      ['password', Buffer.from(`password-${i}`)],
    ])
    sealed.push({ object: await sealObject(kem, keys, values, random, identity), values })
  }
  return { sealed, keys: asKeys(...keys), random }
}

const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T

/** Containers and leaves of a JSON tree, as (holder, key) pairs. */
function places(node: unknown, found: [Json, string][] = []): [Json, string][] {
  if (typeof node === 'object' && node !== null)
    for (const key of Object.keys(node)) {
      found.push([node as Json, key])
      places((node as Json)[key], found)
    }
  return found
}

function garble(random: Random, text: string): string {
  const at = below(random, text.length + 1)
  const end = Math.min(text.length, at + below(random, 40))
  const middle = pick(random, [
    '',
    '\n',
    '"',
    '=',
    'A',
    ' ',
    '\u0000',
    '{',
    '- ',
    ': ',
    '&a ',
    '*a',
    text.slice(at, end).repeat(2),
    'é',
  ])
  return pick(random, [text.slice(0, at) + middle + text.slice(end), text.slice(0, at), text.slice(at)])
}

/** JSON has no arrays with holes. */
function remove(holder: Json, key: string): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

const JUNK = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  '~',
  [],
  {},
  [[]],
  'strict',
  'x'.repeat(3000),
  { __proto__: null },
  undefined,
]

function mutate(random: Random, object: Json, donor: Json): Json {
  const mine = places(object)
  const theirs = places(donor)
  for (let times = 1 + below(random, 2); times > 0; times -= 1) {
    const [holder, key] = pick(random, mine)
    const value = holder[key]
    const [otherHolder, otherKey] = pick(random, theirs)
    const same = theirs.find(([, name]) => name === key)
    const move = below(random, 6)
    if (move === 0) remove(holder, key)
    else if (move === 1) holder[key] = pick(random, JUNK)
    else if (move === 2) holder[key] = otherHolder[otherKey]
    else if (move === 3 && same) holder[key] = same[0][key]
    else if (move === 4) holder[`${key}${pick(random, ['', 'x', '.', '..', '__proto__'])}`] = value
    else holder[key] = typeof value === 'string' ? garble(random, value) : pick(random, JUNK)
  }
  return object
}

test(`${INPUTS} hostile objects: no wrong value, no crash (HOSTILE_SEED=${SEED})`, {
  timeout: 300_000,
}, async () => {
  const { sealed, keys, random } = await pool()
  const texts = sealed.map(({ object }) => yamlText(sealedSecretObject(object)))
  const jsons = sealed.map(({ object }) => JSON.stringify(sealedSecretObject(object)))
  const counts = new Map<string, number>()

  for (let i = 0; i < INPUTS; i += 1) {
    const outcome = await attempt(i)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  expect([...counts.keys()].filter((outcome) => outcome.startsWith('WRONG'))).toEqual([])
  // Every refusal that the format knows was reached, and some inputs still opened.
  for (const outcome of [
    'malformed',
    'unknown-suite',
    'moved',
    'no-key',
    'wrong-envelope',
    'tampered',
    'yaml-syntax',
    'right',
  ])
    expect(counts.get(outcome) ?? 0, outcome).toBeGreaterThan(0)

  async function attempt(i: number): Promise<string> {
    const asText = i % 4 === 0
    const from = below(random, sealed.length)
    const donor = below(random, sealed.length)
    try {
      const read = asText
        ? readText(spliceText(texts[from] ?? '', texts[donor] ?? ''))
        : readSealedSecret(mutate(random, JSON.parse(jsons[from] ?? ''), JSON.parse(jsons[donor] ?? '')))
      const opened = await unseal(read, keys)
      for (const [key, value] of opened)
        if (!isGenuine(read, key, value)) return `WRONG value for ${key} at ${i}`
      return 'right'
    } catch (error) {
      if (error instanceof SealError) return error.code
      return `WRONG error at ${i}: ${String(error)}`
    }
  }

  function spliceText(text: string, other: string): string {
    if (below(random, 2) === 0) return garble(random, text)
    const rows = text.split('\n')
    const others = other.split('\n')
    const at = below(random, rows.length)
    const count = 1 + below(random, 4)
    const start = below(random, others.length)
    return [
      ...rows.slice(0, at),
      ...others.slice(start, start + count),
      ...rows.slice(at + below(random, 3)),
    ].join('\n')
  }

  /** Some object sealed exactly this value for exactly this identity and data key (replay of an older one included). */
  function isGenuine(
    { scope, namespace, name }: ReturnType<typeof readSealedSecret>,
    key: string,
    value: Uint8Array,
  ) {
    return sealed.some(
      ({ object, values }) =>
        object.scope === scope &&
        (scope === 'cluster' || object.namespace === namespace) &&
        (scope !== 'strict' || object.name === name) &&
        Buffer.compare(values.get(key) ?? Buffer.from('none'), value) === 0,
    )
  }
})
