import { relative, resolve } from 'node:path'
import { SealError } from '../../../shared/errors.ts'
import { isObjectName } from '../../../shared/format/limits.ts'
import { yamlText } from '../../../shared/format/write.ts'
import { type SealingKey, sealingKeyObject } from '../../../shared/keys/public.ts'
import { makeKeyPair, refuseGit } from '../../key-pair.ts'
import { newestKey, readPublicKeys } from '../../keys.ts'
import { usage } from '../../refused.ts'
import { checkSealable } from '../../sealable.ts'
import type { InitFlags } from './flags.ts'

/** A recipient of the policy to be. */
export interface Recipient {
  name: string
  key: SealingKey
  /** Its key file, relative to the policy. */
  file: string
  /** What to write there; nothing where the file is there already. */
  text?: string
  seedText?: string
  /** Where the key came from, in words. */
  from: string
}

/** All recipients: those of the clusters, of the key files, and the recovery key at the end. */
export async function gatherRecipients(flags: InitFlags, signal: AbortSignal): Promise<Recipient[]> {
  const recipients: Recipient[] = []
  for (const context of flags.context) recipients.push(await ofContext(context, flags, signal))
  for (const path of flags.key) recipients.push(...(await ofFile(path, flags, signal)))
  if (flags.recoveryKey !== undefined) recipients.push(...(await ofFile(flags.recoveryKey, flags, signal)))
  if (flags.recovery !== undefined) recipients.push(await made(flags.recovery, flags))
  return recipients
}

async function ofContext(context: string, flags: InitFlags, signal: AbortSignal): Promise<Recipient> {
  const { clusterKeys } = await import('../../cluster.ts')
  const key = newestKey(await clusterKeys({ ...flags, context }, signal), Date.now())
  if (!key) throw new SealError('key-missing', `the cluster of the context ${context} offers no sealing key`)
  return written(nameOf(context), key, `from context ${context}`, flags)
}

async function ofFile(path: string, flags: InitFlags, signal: AbortSignal): Promise<Recipient[]> {
  const keys = await readPublicKeys([path], signal)
  checkSealable(keys, true)
  const inside = relative(process.cwd(), resolve(path))
  return keys.map(({ key }) => {
    const name = nameOf(key.holder)
    // A policy that leads out of its repository means nothing to others.
    return inside.startsWith('..')
      ? written(name, key, `from ${path}`, flags)
      : { name, key, file: inside, from: path }
  })
}

const YEAR_MS = 365 * 86_400_000

async function made(name: string, flags: InitFlags): Promise<Recipient> {
  if (!isObjectName(name))
    throw usage('--recovery is not a name that Kubernetes accepts', 'Use lower-case letters, digits and `-`.')
  if (flags.seedOut === undefined) throw usage('--recovery needs --seed-out, the file for its private key')
  refuseGit(flags.seedOut, 'Write it elsewhere, best onto a medium that leaves this machine.')
  const { key, publicText, seedText } = await makeKeyPair(name, Date.now(), Date.now() + YEAR_MS)
  return { name, key, file: fileOf(name, flags), text: publicText, seedText, from: 'new' }
}

function written(name: string, key: SealingKey, from: string, flags: InitFlags): Recipient {
  return { name, key, file: fileOf(name, flags), text: yamlText(sealingKeyObject(key, name)), from }
}

const fileOf = (name: string, { keys }: InitFlags): string => `${keys.replace(/\/+$/, '')}/${name}.key.yaml`

/** Contexts are called `arn:aws:eks:…:cluster/prod`, `gke_project_zone_prod`, `admin@prod`: the end says most. */
function nameOf(text: string): string {
  const [last = ''] = text.split(text.startsWith('gke_') ? '_' : /[/:@]/).slice(-1)
  const name = last
    .toLowerCase()
    .replace(/[^-a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
  return isObjectName(name) ? name : 'cluster'
}
