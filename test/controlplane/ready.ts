import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Program } from './process.ts'

/** How the admin reaches the API server. */
export interface Access {
  server: string
  caFile: string
  adminToken: string
}

/** The names of our own objects begin so: their writes are no test's. */
export const probePrefix = 'controlplane-probe-'

/** Waits until the API server says so itself; fails at once when it has ended. */
export async function apiserverReady(access: Access, apiserver: Program): Promise<void> {
  await until('the API server to be ready', apiserver, async () => {
    return (await call(access, 'GET', '/readyz')) === 200
  })
}

/**
 * Waits until the controller manager collects garbage: its own health says nothing of that, so an object
 * whose owner never was is put there, and has to go.
 */
export async function garbageCollectorReady(access: Access, kcm: Program): Promise<void> {
  await until('the default namespace', kcm, async () => {
    return (await call(access, 'GET', '/api/v1/namespaces/default')) === 200
  })
  const configMaps = '/api/v1/namespaces/default/configmaps'
  const name = `${probePrefix}${randomUUID()}`
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'never-was', uid: randomUUID() }
  const orphan = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ownerReferences: [owner] } }
  await until('a first write', kcm, async () => {
    return [201, 409].includes(await call(access, 'POST', configMaps, orphan))
  })
  await until('the garbage collector', kcm, async () => {
    return (await call(access, 'GET', `${configMaps}/${name}`)) === 404
  })
}

async function until(what: string, on: Program, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000
  while (!(await done().catch(() => false))) {
    if (!on.running) throw new Error(`ended while the test waited for ${what}:\n${await on.logTail()}`)
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${await on.logTail()}`)
    await sleep(50)
  }
}

/** One request as the admin; the answer's status is all that matters here. */
async function call(access: Access, method: string, path: string, body?: unknown): Promise<number> {
  // Read anew each time: the server writes the file at its first start.
  const ca = await readFile(access.caFile)
  const headers = { authorization: `Bearer ${access.adminToken}`, 'content-type': 'application/json' }
  const options = { method, ca, headers, agent: false, timeout: 10_000 }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, access.server), options, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', reject)
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer')))
    sent.once('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
