import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { SealError } from '../../shared/errors.ts'
import { MAX_DOCUMENT_BYTES } from '../../shared/format/limits.ts'
import { sleep } from '../../shared/kube/abort.ts'
import { ApiError, isForbidden, isUnanswered } from '../../shared/kube/errors.ts'
import type { Answered } from '../audit/requests.ts'
import type { Log } from '../log.ts'
import { limitedTogether } from './addresses.ts'
import { type Answer, type Asked, type Holding, type Operation, readAsked } from './asked.ts'
import { discard, readText } from './body.ts'
import { type Buckets, type BucketTerms, createBuckets } from './buckets.ts'
import type { Caller, Callers } from './callers.ts'

/**
 * The routes that use private keys. Whoever has no right to what they ask about learns nothing: whatever is wrong, the
 * answer is the same to the byte and comes at the same time, and no key was used for it.
 */

type Outcome = (
  | { kind: 'done'; answer: Answer }
  | { kind: 'refused'; why: string }
  | { kind: 'busy'; waitMs: number }
  | { kind: 'off' }
  | { kind: 'unavailable' }
) &
  Partial<Shown>

/** Whom and what an outcome is about, as far as that is known. */
interface Shown {
  user: string
  asked: Asked | undefined
}

export interface PostParts extends Holding {
  callers: Callers
  log: Log
  clock: () => number
  rates?: Rates
  /** For the audit log. */
  answered?: ((answered: Answered) => void) | undefined
}

interface Rates {
  failures: Omit<BucketTerms, 'clock'>
  requests: Omit<BucketTerms, 'clock'>
}

/** Refusals come at the first multiple of this after the request, so that they do not tell how far it got. */
const REFUSAL_STEP_MS = 250
const RATES: Rates = {
  /** Tokens that are not accepted, per address: each costs a question to the API server. */
  failures: { burst: 50, perSecond: 5, most: 10_000 },
  /** Requests of one user. A body counts as one more for each 64 KiB, since reading it takes its time. */
  requests: { burst: 200, perSecond: 20, most: 10_000 },
}
const COUNTED_BYTES = 64 << 10
/** Bodies in memory at the same time. */
const MOST_AT_ONCE = 16
const MOST_OF_ONE = 4

/** Where no object was sent: the question is asked all the same, about a place that cannot be. */
const NOWHERE = { namespace: '-', name: '-' }

export function createPostRoutes(parts: PostParts): (operation: Operation) => RequestHandler {
  const { callers, log, clock, rates = RATES } = parts
  const failures = createBuckets({ ...rates.failures, clock })
  const requests = createBuckets({ ...rates.requests, clock })
  const running = createSlots()

  async function outcomeOf(request: Request, operation: Operation): Promise<Outcome> {
    try {
      if (!(await callers.available())) return { kind: 'off' }
      const caller = await authenticate(request)
      if ('kind' in caller) return caller
      return await asCaller(request, caller, operation)
    } catch (error) {
      if (request.destroyed && !request.complete) return { kind: 'refused', why: 'aborted' }
      if (isForbidden(error)) return { kind: 'off' }
      if (isUnanswered(error) || error instanceof ApiError) {
        log.warn({ err: error }, 'could not ask the API server about a caller')
        return { kind: 'unavailable' }
      }
      log.error({ err: error }, 'a fault of ours; the request was refused')
      return { kind: 'refused', why: 'fault' }
    }
  }

  /** By the token alone: nothing of a stranger's body is kept. */
  async function authenticate(request: Request): Promise<Caller | Outcome> {
    const address = limitedTogether(request.ip)
    const token = tokenOf(request)
    // Who is known need not wait because others come from the same address: through the API server's proxy all do.
    const known = token === undefined ? undefined : callers.known(token)
    if (known) return known
    const waitMs = failures.wait(address)
    if (waitMs > 0) return { kind: 'busy', waitMs }
    const caller = token === undefined ? undefined : await callers.identify(token)
    if (caller) return caller
    failures.charge(address, 1)
    const why = token === undefined ? 'no-token' : 'token-not-accepted'
    log.debug({ address, why }, 'refused a request')
    return { kind: 'refused', why }
  }

  async function asCaller(request: Request, caller: Caller, operation: Operation): Promise<Outcome> {
    const user = caller.name
    const waitMs = requests.take(user)
    if (waitMs > 0) return { kind: 'busy', waitMs, user }
    const leave = running.enter(user)
    if (!leave) return { kind: 'busy', waitMs: 1_000, user }
    try {
      const text = await readText(request, MAX_DOCUMENT_BYTES)
      requests.charge(user, Math.floor((text?.length ?? 0) / COUNTED_BYTES))
      const asked = readAsked(text)
      const { namespace, name } = asked?.sealed ?? NOWHERE
      const allowed = await callers.mayUpdate(caller, namespace, name)
      if (!allowed || !asked) return refuse({ user, asked }, asked ? 'no-right' : 'malformed')
      return await carryOut(asked, operation, user)
    } finally {
      leave()
    }
  }

  async function carryOut(asked: Asked, operation: Operation, user: string): Promise<Outcome> {
    try {
      const answer = await operation(asked, parts)
      log.debug(forLog({ user, asked }), 'answered a request')
      return { kind: 'done', answer, user, asked }
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      return refuse({ user, asked }, error.code)
    }
  }

  function refuse(shown: Shown, why: string): Outcome {
    log.info({ ...forLog(shown), why }, 'refused a request')
    return { kind: 'refused', why, ...shown }
  }

  const nextStep = (started: number) =>
    started + REFUSAL_STEP_MS * Math.max(1, Math.ceil((clock() - started) / REFUSAL_STEP_MS))

  /** Timers count from when the loop last looked at the clock, and may be early by what was worked since. */
  async function until(due: number): Promise<void> {
    for (let left = due - clock(); left > 0; left = due - clock()) await sleep(Math.ceil(left))
  }

  return (operation) => async (request, response) => {
    const started = clock()
    const outcome = await outcomeOf(request, operation)
    const entry = answeredOf(request, outcome)
    if (entry) parts.answered?.(entry)
    if (!request.complete) discard(request)
    if (outcome.kind === 'refused') await until(nextStep(started))
    send(response, outcome)
  }
}

const forLog = ({ user, asked }: Shown) => ({
  user,
  ...(asked && { object: `${asked.sealed.namespace}/${asked.sealed.name}` }),
})

/** Where the routes are off nothing was decided. */
function answeredOf(request: Request, outcome: Outcome): Answered | undefined {
  if (outcome.kind === 'off') return undefined
  const { kind, user, asked } = outcome
  const reason = kind === 'refused' ? outcome.why : kind === 'unavailable' ? kind : undefined
  return {
    // Its path may be spelt in other ways.
    route: String(request.route.path),
    result: RESULTS[kind],
    ...(reason !== undefined && { reason }),
    ...(user !== undefined && { user }),
    address: limitedTogether(request.ip),
    ...(asked && { sealed: asked.sealed }),
  }
}

const RESULTS = { done: 'done', refused: 'refused', busy: 'limited', unavailable: 'failed' } as const

function send(response: Response, outcome: Outcome): void {
  if (outcome.kind === 'done') {
    const { type, text } = outcome.answer
    response.type(type).send(text)
    return
  }
  const [status, error, retryMs] = wordsOf(outcome)
  // Of some bodies the rest was not read, so none of these connections is used again.
  response.set('Connection', 'close')
  if (retryMs !== undefined) response.set('Retry-After', String(Math.max(1, Math.ceil(retryMs / 1000))))
  response.status(status).json({ error })
}

function wordsOf(outcome: Exclude<Outcome, { kind: 'done' }>): [number, string, number?] {
  if (outcome.kind === 'refused') return [403, 'refused']
  if (outcome.kind === 'busy') return [429, 'too many requests', outcome.waitMs]
  if (outcome.kind === 'off') return [404, 'not available']
  return [503, 'unavailable', 5_000]
}

/** The API server strips `Authorization` before it forwards, so a token that comes through it has a header of its own. */
function tokenOf({ headers }: IncomingMessage): string | undefined {
  const own = headers['x-waxwing-token']
  const token = own === undefined ? /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] : String(own)
  return token === '' ? undefined : token
}

/** So many at once, and so many of one user. */
function createSlots(): { enter(user: string): (() => void) | undefined } {
  const users = new Map<string, number>()
  let all = 0
  return {
    enter(user) {
      const own = users.get(user) ?? 0
      if (all >= MOST_AT_ONCE || own >= MOST_OF_ONE) return undefined
      all += 1
      users.set(user, own + 1)
      return () => {
        all -= 1
        const left = (users.get(user) ?? 1) - 1
        if (left > 0) users.set(user, left)
        else users.delete(user)
      }
    },
  }
}

/** For routes that anybody may ask: so many a second from one address. */
export function createPublicLimit(clock: () => number): RequestHandler {
  const buckets: Buckets = createBuckets({ burst: 200, perSecond: 50, most: 10_000, clock })
  return (request, response, next) => {
    const waitMs = buckets.take(limitedTogether(request.ip))
    if (waitMs > 0) send(response, { kind: 'busy', waitMs })
    else next()
  }
}
