import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Target } from './kubeconfig.ts'

/**
 * What a pod finds of its cluster:
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
 */
const POD_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Undefined outside a pod. */
export async function podTarget(env: NodeJS.ProcessEnv, folder = POD_FOLDER): Promise<Target | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (!host || !port) return undefined
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => '')
  return {
    cluster: {
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      'certificate-authority': join(folder, 'ca.crt'),
    },
    user: { tokenFile: join(folder, 'token') },
    ...(namespace && { namespace: namespace.trim() }),
  }
}
