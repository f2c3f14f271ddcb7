import { randomBytes } from 'node:crypto'

/** Who holds which token, and for whom it was made. */
export interface Tokens {
  /** The user of a token that is for this server; undefined for one that is unknown or made for others alone. */
  userOf(token: string): string | undefined
  /** The same for somebody else, who takes tokens of these audiences. */
  review(token: string, audiences: readonly string[]): { user: string; audiences: string[] } | undefined
  /** A new token; without audiences it is for this server. */
  issue(user: string, audiences: readonly string[]): string
}

/** The audience of the server itself, as `--api-audiences` of a real one. */
const OWN = 'https://kubernetes.default.svc'

export function createTokens(known: ReadonlyMap<string, string>): Tokens {
  const held = new Map(
    [...known].map(([token, user]) => [token, { user, audiences: [OWN] as readonly string[] }]),
  )
  const find = (token: string, wanted: readonly string[]) => {
    const entry = held.get(token)
    const audiences = entry?.audiences.filter((audience) => wanted.includes(audience)) ?? []
    return entry && audiences.length > 0 ? { user: entry.user, audiences } : undefined
  }
  return {
    userOf: (token) => find(token, [OWN])?.user,
    review: (token, audiences) => find(token, audiences.length > 0 ? audiences : [OWN]),
    issue(user, audiences) {
      const token = randomBytes(24).toString('hex')
      held.set(token, { user, audiences: audiences.length > 0 ? [...audiences] : [OWN] })
      return token
    },
  }
}
