import { SealError } from '../../shared/errors.ts'
import { rfc3339 } from '../../shared/keys/dates.ts'
import { AT_REST_ANNOTATION, KEY_LABEL, REWRAP_ANNOTATION } from '../../shared/keys/labels.ts'
import { sleep } from '../../shared/kube/abort.ts'
import type { Kube, KubeObject } from '../../shared/kube/port.ts'
import { SECRETS } from '../../shared/kube/resources.ts'
import { type ClusterOptions, clusterError, connectTo } from '../cluster.ts'
import { usage } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

export interface RewrapAtRestFlags extends ClusterOptions {
  timeout: string
}

const POLL_MS = 300

/**
 * Asks the controller to store the seeds of all keys as its flags say, and waits until it has. It has to do it itself:
 * a KMS is reached from its node alone, and a seed is nothing to send around.
 */
export async function runKeysRewrapAtRest(
  flags: RewrapAtRestFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const seconds = Number(flags.timeout)
  if (!(seconds > 0 && seconds <= 3600)) throw usage('--timeout is not a number of seconds up to 3600')
  const kube = await connectTo(flags, 'Pass `--kubeconfig`.')
  try {
    const before = await keySecrets(kube, flags, signal)
    if (before.size === 0)
      throw new SealError('key-missing', `there are no sealing keys in ${flags.controllerNamespace}`, {
        hint: 'Check --context and --controller-namespace.',
      })
    const namespace = flags.controllerNamespace
    const asked = { metadata: { annotations: { [REWRAP_ANNOTATION]: rfc3339(Date.now()) } } }
    for (const name of before.keys()) await kube.mergePatch(SECRETS, { namespace, name }, asked, { signal })
    const left = await wait(kube, flags, seconds * 1000, signal, (name, form) =>
      terminal.say('changed', `${name}   ${came(before.get(name), form)}`),
    )
    if (left.length > 0)
      throw new SealError('cluster', `${left.join(', ')}: not done within ${seconds} s`, {
        hint: `The controller goes on trying; \`kubectl get events -n ${namespace}\` and its log say why. Nothing is lost meanwhile.`,
      })
  } catch (error) {
    throw signal.aborted ? signal.reason : clusterError(error)
  } finally {
    kube.close()
  }
}

const came = (from: string | undefined, to: string): string =>
  from === to ? `stays ${to}` : `${from} → ${to}`

/** By name, how each seed is stored. Only what is about the Secrets is asked for, never what is in them. */
async function keySecrets(
  kube: Kube,
  { controllerNamespace: namespace }: ClusterOptions,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { items } = await listed(kube, namespace, signal)
  return new Map(items.map((item) => [item.metadata.name, formOf(item)]))
}

const listed = (kube: Kube, namespace: string, signal: AbortSignal) =>
  kube.list<KubeObject>(SECRETS, { namespace, labelSelector: KEY_LABEL, metadataOnly: true }, { signal })

const formOf = ({ metadata }: KubeObject): string => metadata.annotations?.[AT_REST_ANNOTATION] ?? 'plain'

/** Until the controller has taken every request off; gives the names of those that it has not in time. */
async function wait(
  kube: Kube,
  { controllerNamespace: namespace }: ClusterOptions,
  ms: number,
  signal: AbortSignal,
  done: (name: string, form: string) => void,
): Promise<string[]> {
  const told = new Set<string>()
  for (const end = performance.now() + ms; ; ) {
    const { items } = await listed(kube, namespace, signal)
    const left: string[] = []
    for (const item of items) {
      const { name, annotations = {} } = item.metadata
      if (annotations[REWRAP_ANNOTATION] !== undefined) left.push(name)
      else if (!told.has(name)) {
        told.add(name)
        done(name, formOf(item))
      }
    }
    if (left.length === 0 || performance.now() > end) return left
    await sleep(POLL_MS, signal)
    signal.throwIfAborted()
  }
}
