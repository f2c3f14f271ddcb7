import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeObject, Resource } from '../../shared/kube/port.ts'
import { type Controller, until } from '../support/programs.ts'
import type { Strike } from './load.ts'
import { LASTS_MS } from './numbers.ts'
import type { FaultSite, Install } from './site.ts'
import { shortToken } from './tokens.ts'

const ACCOUNTS: Resource = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
  namespaced: true,
}
/** Long enough to start. */
const VALID_SECONDS = 15

/** A kubeconfig whose user is in files, and what to do when these are of no use any more. */
interface Identity {
  kubeconfig: string
  /** When it runs out, by `Date.now()`. */
  expires: number
  rotate(): Promise<void>
}

export async function tokenFile({ plane, kube, folder }: FaultSite, install: Install): Promise<Identity> {
  const id = { namespace: install.own, name: install.namespace }
  const { metadata } = await kube.get<KubeObject>(ACCOUNTS, id)
  const file = join(folder, 'token')
  const expires = Date.now() + VALID_SECONDS * 1000
  await writeFile(file, await shortToken(plane, { ...id, uid: metadata.uid ?? '' }, VALID_SECONDS))
  return {
    kubeconfig: await withUser(install, join(folder, 'token.kubeconfig'), { tokenFile: file }),
    expires,
    // As the kubelet does it: never half a file.
    async rotate() {
      await writeFile(`${file}.new`, install.token)
      await rename(`${file}.new`, file)
    },
  }
}

export async function clientCertificate(
  { authority, folder }: FaultSite,
  install: Install,
): Promise<Identity> {
  const user = `system:serviceaccount:${install.own}:${install.namespace}`
  const [cert, key] = [join(folder, 'client.crt'), join(folder, 'client.key')]
  const expires = Date.now() + VALID_SECONDS * 1000
  const first = authority.issue(user, new Date(expires))
  await writeFile(cert, first.cert)
  await writeFile(key, first.key)
  const files = { 'client-certificate': cert, 'client-key': key }
  return {
    kubeconfig: await withUser(install, join(folder, 'certificate.kubeconfig'), files),
    expires,
    // One after the other, so that for a while they do not belong together.
    async rotate() {
      const next = authority.issue(user, new Date(Date.now() + 3_600_000))
      await writeFile(cert, next.cert)
      await sleep(1_000)
      await writeFile(key, next.key)
    },
  }
}

async function withUser(install: Install, file: string, user: object): Promise<string> {
  const config = JSON.parse(await readFile(install.kubeconfig, 'utf8')) as { users: object[] }
  await writeFile(file, JSON.stringify({ ...config, users: [{ name: 'test', user }] }), { mode: 0o600 })
  return file
}

/** The API server remembers a good token for ten seconds, and the load has to be longer than that. */
export const EXPIRING_LOAD_MS = 12_000

/** Waits for the end of what is there, lets the controller be refused for a while, and puts what is new into place. */
export const expired =
  ({ expires, rotate }: Identity, controller: Controller): Strike =>
  async () => {
    await sleep(Math.max(0, expires - Date.now()))
    await until('a refusal', async () => /401 Unauthorized/.test(controller.log()), 30_000)
    await sleep(LASTS_MS / 2)
    await rotate()
    return { endedAt: performance.now() }
  }
