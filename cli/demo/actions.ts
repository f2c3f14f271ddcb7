import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { toPlain } from '../../shared/format/plain.ts'
import { parseYaml } from '../../shared/format/yaml.ts'
import { unlessGone } from '../../shared/kube/errors.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { CRDS, NAMESPACES, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../shared/kube/resources.ts'

/** What the demo's kubectl lines stand for, done with our own client: the demo needs Node and git alone. */

interface Conditioned extends KubeObject {
  status?: {
    observedGeneration?: number
    conditions?: { type: string; status: string; reason: string; message: string }[]
  }
}

const WAIT_MS = 15_000

export async function applyCrds(kube: Kube, folder: string): Promise<void> {
  for (const file of (await readdir(folder)).sort())
    await kube.apply(CRDS, read(await readFile(join(folder, file), 'utf8')), { fieldManager: 'kubectl' })
  await until('the resource types', async () => {
    await kube.list(SEALED_SECRETS)
    await kube.list(SEALING_KEYS)
    return true
  })
}

export async function createNamespace(kube: Kube, name: string): Promise<void> {
  await kube.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

export async function publishedKeyId(kube: Kube): Promise<string> {
  return until('the sealing key', async () => (await kube.list(SEALING_KEYS)).items[0]?.metadata.name)
}

/** As `kubectl apply -n NAMESPACE -f -`; gives the object as the server has it now. */
export async function applySealed(kube: Kube, text: string): Promise<KubeObject> {
  return kube.apply(SEALED_SECRETS, read(text), { fieldManager: 'kubectl' })
}

/** The condition `type` of the object, once the controller has seen this generation of it. */
export async function condition(kube: Kube, { metadata }: KubeObject, type: 'Ready' | 'Stalled') {
  return until(`condition ${type}`, async () => {
    const { status } = await kube.get<Conditioned>(SEALED_SECRETS, metadata)
    if (status?.observedGeneration !== metadata.generation) return undefined
    return status?.conditions?.find((candidate) => candidate.type === type && candidate.status === 'True')
  })
}

export async function secretValue(kube: Kube, namespace: string, name: string, key: string): Promise<Buffer> {
  const secret = await kube.get<KubeObject & { data?: Record<string, string> }>(SECRETS, { namespace, name })
  return Buffer.from(secret.data?.[key] ?? '', 'base64')
}

function read(manifest: string): KubeObject {
  const root = parseYaml(manifest)
  if (!root) throw new SealError('internal', 'the manifest is empty')
  return toPlain(root).data as KubeObject
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WAIT_MS; Date.now() < end; ) {
    const found = await unlessGone(look())
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new SealError('internal', `${what} did not come within ${WAIT_MS / 1000} s`)
}
