import { rmSync } from 'node:fs'
import { isObjectName } from '../../shared/format/limits.ts'
import { writeNewPrivate } from '../io/write.ts'
import { makeKeyPair, refuseGit } from '../key-pair.ts'
import { usage } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

export interface GenerateFlags {
  name: string
  seedOut?: string
  secretOut?: string
  controllerNamespace: string
  days?: string
  notAfter?: string
  allowGit?: boolean
}

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 365

/** Makes a key pair: the private key into a new file, or one of each form, the public one to stdout. */
export async function runKeysGenerate(flags: GenerateFlags, terminal: Terminal): Promise<void> {
  const { name, seedOut, secretOut } = flags
  if (seedOut === undefined && secretOut === undefined)
    throw usage('no file is named for the private key', 'Pass --seed-out, or --secret-out for a cluster.')
  if (!isObjectName(name))
    throw usage('--name is not a name that Kubernetes accepts', 'Use lower-case letters, digits and `-`.')
  const now = Date.now()
  const notAfter = expiry(flags, now)
  if (!flags.allowGit) for (const file of [seedOut, secretOut]) if (file !== undefined) refuseGit(file)
  const { key, publicText, seedText, secretText } = await makeKeyPair(name, now, notAfter)
  if (seedOut !== undefined) writeNewPrivate(seedOut, seedText)
  if (secretOut !== undefined) writeSecret(secretOut, secretText(flags.controllerNamespace), seedOut)
  await terminal.write(publicText)
  terminal.say('made', `${name} ${key.id}   to be replaced by ${key.notAfter.slice(0, 10)}`)
  if (seedOut !== undefined)
    terminal.say('hint', `${seedOut} is the private key: keep it offline, in more than one place`)
  // `apply` would keep a copy of the private key in an annotation.
  if (secretOut !== undefined)
    terminal.say(
      'hint',
      `give the cluster the private key by \`kubectl create -f ${secretOut}\`, then remove the file`,
    )
}

/** Both files or none. */
function writeSecret(path: string, text: string, seedOut: string | undefined): void {
  try {
    writeNewPrivate(path, text)
  } catch (error) {
    if (seedOut !== undefined) rmSync(seedOut, { force: true })
    throw error
  }
}

function expiry({ days, notAfter }: GenerateFlags, now: number): number {
  if (days !== undefined && notAfter !== undefined) throw usage('--days and --not-after exclude each other')
  if (notAfter === undefined) return now + wholeDays(days) * DAY_MS
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(notAfter) ? Date.parse(notAfter) : Number.NaN
  if (Number.isNaN(time))
    throw usage(
      '--not-after is not a date',
      'Write it as YYYY-MM-DD, or with a time as YYYY-MM-DDThh:mm:ssZ.',
    )
  if (time <= now) throw usage('--not-after is in the past')
  return time
}

function wholeDays(days: string | undefined): number {
  if (days === undefined) return DEFAULT_DAYS
  if (!/^[1-9]\d{0,4}$/.test(days)) throw usage('--days is not a number of days between 1 and 99999')
  return Number(days)
}
