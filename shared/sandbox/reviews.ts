import { parseBody, requireDoc } from './body.ts'
import { type Doc, isDoc } from './json.ts'
import type { ApiRequest, RequestInfo } from './request.ts'
import type { Tokens } from './server/tokens.ts'

/** What an access review asks: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/ */
export interface AccessQuestion {
  user: string
  verb: string
  group: string
  resource: string
  namespace: string
  name: string
}

export interface Reviewers {
  tokens: Tokens
  /** There is no authorizer here: this is what the reviews answer. */
  access: (question: AccessQuestion) => boolean
}

/**
 * Questions that are asked by POST and stored nowhere: `kubectl auth whoami`, `kubectl auth can-i`, and those that servers
 * ask about their callers. Whoever has a token may do everything here, whatever a review answers.
 */
export function review(
  request: ApiRequest,
  info: RequestInfo | undefined,
  reviewers: Reviewers,
): object | undefined {
  if (info?.verb !== 'create' || info.version !== 'v1') return undefined
  const answer = ANSWERS[`${info.resource}.${info.group}`]
  if (answer === undefined) return tokenRequest(request, info, reviewers)
  const asked = requireDoc(parseBody(request.body, request.contentType).value)
  const spec = isDoc(asked.spec) ? asked.spec : {}
  return { ...asked, status: answer(request.user, spec, reviewers) }
}

const ANSWERS: Record<string, (user: string, spec: Doc, reviewers: Reviewers) => Doc> = {
  'selfsubjectreviews.authentication.k8s.io': (username) => ({
    userInfo: { username, groups: ['system:masters', 'system:authenticated'] },
  }),
  'selfsubjectaccessreviews.authorization.k8s.io': (user, spec, { access }) => ({
    allowed: access(question(user, spec)),
  }),
  'subjectaccessreviews.authorization.k8s.io': (_user, spec, { access }) => ({
    allowed: access(question(text(spec.user), spec)),
  }),
  'tokenreviews.authentication.k8s.io': (_user, { token, audiences }, { tokens }) => {
    const wanted = Array.isArray(audiences) ? audiences.map(text) : []
    const found = tokens.review(text(token), wanted)
    if (!found) return { user: {}, error: 'the token is unknown here, or for others' }
    const user = { username: found.user, uid: found.user, groups: ['system:authenticated'] }
    return { authenticated: true, user, audiences: found.audiences }
  },
}

/** A token of a ServiceAccount, which need not be there. */
function tokenRequest(request: ApiRequest, info: RequestInfo, { tokens }: Reviewers): object | undefined {
  if (info.group !== '' || info.resource !== 'serviceaccounts' || info.subresource !== 'token')
    return undefined
  const asked = requireDoc(parseBody(request.body, request.contentType).value)
  const { audiences } = isDoc(asked.spec) ? asked.spec : {}
  const user = `system:serviceaccount:${info.namespace}:${info.name}`
  const token = tokens.issue(user, Array.isArray(audiences) ? audiences.map(text) : [])
  return { ...asked, status: { token, expirationTimestamp: '2099-01-01T00:00:00Z' } }
}

function question(user: string, spec: Doc): AccessQuestion {
  const about = isDoc(spec.resourceAttributes) ? spec.resourceAttributes : {}
  const [verb = '', group = '', resource = '', namespace = '', name = ''] = [
    about.verb,
    about.group,
    about.resource,
    about.namespace,
    about.name,
  ].map(text)
  return { user, verb, group, resource, namespace, name }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
