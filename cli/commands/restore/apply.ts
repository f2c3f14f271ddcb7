import { SealError } from '../../../shared/errors.ts'
import type { KnownKey } from '../../../shared/keys/backup/facts.ts'
import { isForbidden, isNotFound } from '../../../shared/kube/errors.ts'
import type { Kube, KubeObject } from '../../../shared/kube/port.ts'
import { NAMESPACES, SECRETS } from '../../../shared/kube/resources.ts'
import { planRestore, type RestoreStep } from '../../../shared/ops/restore-plan.ts'
import { clusterError } from '../../cluster.ts'
import { confirm } from '../../io/prompt.ts'
import { keyRow, keysInCluster } from '../../kept-keys.ts'
import { columns } from '../../render/table.ts'
import { counted } from '../../render/text.ts'
import type { Terminal } from '../../terminal.ts'

export interface ApplyFlags {
  controllerNamespace: string
  /** The private keys that opened the backup: whoever has their public ones could have made it. */
  seed: readonly string[]
  dryRun?: boolean
  yes?: boolean
}

/** Plan, show, apply: the keys that a namespace does not have. */
export async function restoreInto(
  kube: Kube,
  keys: readonly KnownKey[],
  { controllerNamespace: namespace, seed, dryRun, yes }: ApplyFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const steps = await plan(kube, keys, namespace, signal)
  const missing = steps.filter(({ action }) => action === 'create')
  if (missing.length === 0)
    return terminal.note(
      `${counted(steps.length, 'key')} of the backup, none missing in ${namespace}: nothing to change`,
    )
  const there = steps.length - missing.length
  const rest = there === 0 ? '' : `; ${there} ${there === 1 ? 'is' : 'are'} there already`
  terminal.say(
    'plan',
    `restore ${counted(missing.length, 'key')} into ${namespace}${rest}`,
    columns(steps.map(planRow)),
  )
  for (const { key } of missing) warn(key, terminal)
  if (seed.length > 0)
    terminal.say(
      'hint',
      'compare the ids: who has the public key of a recipient can make such a file, with other keys in it',
    )
  if (dryRun) return terminal.note('nothing was written (--dry-run)')
  if (!yes) await confirm(`Restore ${counted(missing.length, 'key')}?`, signal)
  signal.throwIfAborted()
  await make(kube, missing, namespace)
  terminal.say(
    'made',
    `${counted(missing.length, 'key')} in ${namespace}; the controller takes them up at once`,
  )
}

/** Ctrl-C does not stop it half-way. */
async function make(kube: Kube, steps: readonly RestoreStep[], namespace: string): Promise<void> {
  for (const [done, step] of steps.entries())
    try {
      await kube.create(SECRETS, secretOf(step, namespace))
    } catch (error) {
      if (done === 0) throw error
      const { message } = clusterError(error)
      throw new SealError('cluster', `after ${done} of ${counted(steps.length, 'key')}: ${message}`, {
        hint: 'Run it again: what is there by now stays, and the rest follows.',
      })
    }
}

async function plan(
  kube: Kube,
  keys: readonly KnownKey[],
  namespace: string,
  signal: AbortSignal,
): Promise<RestoreStep[]> {
  await refuseMissing(kube, namespace, signal)
  const [{ keys: present }, secrets] = await Promise.all([
    keysInCluster(kube, namespace, signal),
    kube.list<KubeObject>(SECRETS, { namespace, metadataOnly: true }, { signal }),
  ])
  const names = new Set(secrets.items.map(({ metadata }) => metadata.name))
  const steps = planRestore(keys, { keys: present, names })
  for (const { action, name } of steps)
    if (action === 'conflict')
      throw new SealError('backup-conflict', `the Secret ${namespace}/${name} is there, and is another`)
  return steps
}

async function refuseMissing(kube: Kube, name: string, signal: AbortSignal): Promise<void> {
  try {
    await kube.get(NAMESPACES, { name }, { signal })
  } catch (error) {
    if (isNotFound(error))
      throw new SealError('cluster', `the namespace ${name} is not there`, {
        hint: `Make it first: \`kubectl create namespace ${name}\`, or install the controller.`,
      })
    // Who may not look at namespaces may have rights in this one.
    if (!isForbidden(error)) throw error
  }
}

function planRow({ action, name, key, state }: RestoreStep): string[] {
  const from = key.secret.name
  const shown = name === from ? name : `${from} → ${name}`
  const row = keyRow(key, `${action === 'create' ? '+' : '='} ${shown}`)
  return state === undefined || state === key.facts.state ? row : [...row, `stays ${state}`]
}

function warn({ secret: { name }, facts: { form, by } }: KnownKey, terminal: Terminal): void {
  if (form === 'wrapped')
    terminal.say('warn', `${name} is wrapped by ${by}: the controller opens it only with that`)
  if (form === 'malformed') terminal.say('warn', `${name} is no key that opens anything`)
}

const secretOf = ({ name, key: { secret } }: RestoreStep, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: { ...secret.labels }, annotations: { ...secret.annotations } },
  type: secret.type,
  ...(secret.immutable && { immutable: true }),
  data: secret.data,
})
