import type { Random } from '../../crypto/xwing.ts'
import { SealError } from '../../errors.ts'
import { rfc3339 } from '../../keys/dates.ts'
import { generateValue } from '../generate.ts'
import type { Values } from './values.ts'

export const TOKEN_PREFIX = 'bootstrap-token-'
const CHARSET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const UNITS = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** What a token is to be, in kubeadm's words and with its defaults. */
export interface TokenWishes {
  /** '0' for a token that never expires. */
  ttl: string
  usages: string
  groups: string
  description?: string | undefined
}

/** The id in the name of a token; undefined where the name has none. */
export const tokenIdOf = (name: string): string | undefined =>
  name.startsWith(TOKEN_PREFIX) ? name.slice(TOKEN_PREFIX.length) : undefined

export const newTokenId = (random: Random): string => generateValue(6, CHARSET, random)

/** Adds what a token needs and what is not among the values yet. Returns when it expires. */
export function completeToken(
  values: Values,
  id: string,
  wishes: TokenWishes,
  now: number,
  random: Random,
): string | undefined {
  const add = (key: string, value: string) => {
    if (!values.map.has(key)) values.put(key, value)
  }
  add('token-id', id)
  add('token-secret', generateValue(16, CHARSET, random))
  for (const usage of wishes.usages.split(',')) add(`usage-bootstrap-${usage.trim()}`, 'true')
  if (wishes.groups !== '') add('auth-extra-groups', wishes.groups)
  if (wishes.description !== undefined) add('description', wishes.description)
  const life = lifeOf(wishes.ttl)
  if (life === undefined || values.map.has('expiration')) return undefined
  const expiration = rfc3339(now + life)
  add('expiration', expiration)
  return expiration
}

function lifeOf(ttl: string): number | undefined {
  if (ttl === '0') return undefined
  const [, count = '', unit = ''] = /^([1-9]\d{0,6})([mhd])$/.exec(ttl) ?? []
  const size = UNITS.get(unit)
  if (size === undefined)
    throw new SealError('usage', '--ttl is not a time', {
      hint: 'Write it as in `24h`, `90m` or `7d`; `0` for a token that never expires.',
    })
  return Number(count) * size
}
