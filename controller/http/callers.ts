import { createHmac } from 'node:crypto'
import { isForbidden } from '../../shared/kube/errors.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { fieldsOf } from '../fields.ts'
import type { Log } from '../log.ts'
import { createShortCache } from './short-cache.ts'

/** Only a token that was made for us is one of ours: any other could be replayed at the API server by whoever gets it. */
const AUDIENCE = 'waxwing'

/** Who asks, as the API server says. */
export interface Caller {
  name: string
  /** Stands for the token, which is kept nowhere. */
  token: string
  /** For the access review, as it came. */
  info: Record<string, unknown>
}

export interface Callers {
  /** Whether we may ask the API server about callers at all. */
  available(): Promise<boolean>
  /** The caller of a token that was accepted a moment ago. */
  known(token: string): Caller | undefined
  /** undefined: the token is not accepted. */
  identify(token: string): Promise<Caller | undefined>
  /** Whether the caller may update the SealedSecret of that name; '' stands for all. */
  mayUpdate(caller: Caller, namespace: string, name: string): Promise<boolean>
}

const HOLDS_MS = 10_000
/** After which it is looked again whether we may ask. */
const OFF_MS = 60_000
const MOST = 2_000

const ACCESS = '/apis/authorization.k8s.io/v1'
const TOKENS = '/apis/authentication.k8s.io/v1/tokenreviews'

export interface CallerParts {
  kube: Pick<Kube, 'post'>
  clock: () => number
  /** For a key that makes the digests of tokens worthless outside of this process. */
  randomBytes: (size: number) => Uint8Array
  log: Log
  signal: AbortSignal
}

/** TokenReview and SubjectAccessReview, each answer kept for ten seconds. */
export function createCallers({ kube, clock, randomBytes, log, signal }: CallerParts): Callers {
  const secret = randomBytes(32)
  const digest = (token: string) => createHmac('sha256', secret).update(token).digest('base64')
  const callers = createShortCache<Caller | undefined>(HOLDS_MS, MOST, clock)
  const rights = createShortCache<boolean>(HOLDS_MS, MOST, clock)
  let rightsToAsk: { at: number; answer: Promise<boolean> } | undefined
  let told = false

  async function ask(path: string, kind: string, spec: object): Promise<Record<string, unknown>> {
    const apiVersion = path.split('/').slice(2, 4).join('/')
    const body = JSON.stringify({ apiVersion, kind, spec })
    try {
      const answer: unknown = JSON.parse(await kube.post(path, body, { signal }))
      return fieldsOf(fieldsOf(answer).status)
    } catch (error) {
      // A right that was taken from us.
      if (isForbidden(error)) rightsToAsk = undefined
      throw error
    }
  }

  async function mayAsk(): Promise<boolean> {
    const questions = [
      ['authentication.k8s.io', 'tokenreviews'],
      ['authorization.k8s.io', 'subjectaccessreviews'],
    ].map(([group, resource]) =>
      ask(`${ACCESS}/selfsubjectaccessreviews`, 'SelfSubjectAccessReview', {
        resourceAttributes: { verb: 'create', group, resource },
      }),
    )
    const all = (await Promise.all(questions)).every(({ allowed }) => allowed === true)
    if (!all && !told) {
      told = true
      log.info({}, 'may not review tokens and access: /v1/rewrap and /v1/verify are off')
    }
    return all
  }

  async function review(token: string): Promise<Caller | undefined> {
    const { authenticated, audiences, user } = await ask(TOKENS, 'TokenReview', {
      token,
      audiences: [AUDIENCE],
    })
    // An authenticator that knows nothing of audiences names none, and its tokens may be meant for anybody.
    const ours = Array.isArray(audiences) && audiences.includes(AUDIENCE)
    const { username, uid, groups, extra } = fieldsOf(user)
    if (authenticated !== true || !ours || typeof username !== 'string' || username === '') return undefined
    return { name: username, token: digest(token), info: { user: username, uid, groups, extra } }
  }

  return {
    available() {
      if (rightsToAsk && clock() - rightsToAsk.at < OFF_MS) return rightsToAsk.answer
      const answer = mayAsk()
      const asked = { at: clock(), answer }
      rightsToAsk = asked
      answer.then(
        (yes) => {
          if (yes) asked.at = Number.POSITIVE_INFINITY
        },
        () => {
          if (rightsToAsk === asked) rightsToAsk = undefined
        },
      )
      return answer
    },
    known: (token) => callers.peek(digest(token)),
    identify: (token) => callers.get(digest(token), () => review(token)),
    mayUpdate: (caller, namespace, name) =>
      rights.get(`${caller.token} ${namespace}/${name}`, async () => {
        const resourceAttributes = {
          verb: 'update',
          group: 'waxwing.dev',
          resource: 'sealedsecrets',
          namespace,
          name,
        }
        const spec = { ...caller.info, resourceAttributes }
        return (await ask(`${ACCESS}/subjectaccessreviews`, 'SubjectAccessReview', spec)).allowed === true
      }),
  }
}
