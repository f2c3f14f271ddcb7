import { parseBody, requireDoc } from './body.ts'
import type { Doc } from './json.ts'
import type { ApiRequest, RequestInfo } from './request.ts'

/**
 * Questions that are asked by POST and stored nowhere: `kubectl auth whoami` and `kubectl auth can-i`. Whoever has a
 * token may do everything here. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review
 */
export function review(request: ApiRequest, info: RequestInfo | undefined): object | undefined {
  if (info?.verb !== 'create' || info.version !== 'v1') return undefined
  const answer = ANSWERS[`${info.resource}.${info.group}`]
  if (answer === undefined) return undefined
  const asked = requireDoc(parseBody(request.body, request.contentType).value)
  return { ...asked, status: answer(request.user) }
}

const ANSWERS: Record<string, (user: string) => Doc> = {
  'selfsubjectreviews.authentication.k8s.io': (username) => ({
    userInfo: { username, groups: ['system:masters', 'system:authenticated'] },
  }),
  'selfsubjectaccessreviews.authorization.k8s.io': () => ({ allowed: true }),
}
