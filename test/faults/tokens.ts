import { sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ControlPlane } from '../controlplane/start.ts'

/** The API server takes a token for so long after its end, as clocks differ. */
const LEEWAY_SECONDS = 60

/**
 * A ServiceAccount's token that lasts a few seconds; TokenRequest gives none of less than ten minutes.
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
export async function shortToken(
  plane: Pick<ControlPlane, 'dir'>,
  account: { namespace: string; name: string; uid: string },
  seconds: number,
): Promise<string> {
  const key = await readFile(join(plane.dir, 'pki/service-accounts.key'), 'utf8')
  const issuer = 'https://kubernetes.default.svc.cluster.local'
  const now = Math.floor(Date.now() / 1000)
  const { namespace, name, uid } = account
  const claims = {
    iss: issuer,
    aud: [issuer],
    sub: `system:serviceaccount:${namespace}:${name}`,
    iat: now - LEEWAY_SECONDS,
    nbf: now - LEEWAY_SECONDS,
    exp: now + seconds - LEEWAY_SECONDS,
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
  }
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}
