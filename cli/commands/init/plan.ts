import { existsSync, readFileSync } from 'node:fs'
import { SealError } from '../../../shared/errors.ts'
import { firstPolicy } from '../../../shared/policy/first-policy.ts'
import { POLICY_FILE } from '../../../shared/policy/types.ts'
import type { FileToWrite } from '../../io/write.ts'
import { usage } from '../../refused.ts'
import type { Recipient } from './gather.ts'

export interface InitPlan {
  recipients: readonly Recipient[]
  /** Public: the policy and key files. */
  files: FileToWrite[]
  /** The private key of a new recovery key. */
  seed: FileToWrite | undefined
}

/** What is to be written; refuses to write over anything. */
export function planInit(recipients: readonly Recipient[], seedOut: string | undefined): InitPlan {
  refuseTwice(recipients)
  const named = recipients.map(({ name, file, key }) => ({ name, file, id: key.id }))
  const files = [
    { path: POLICY_FILE, text: firstPolicy(named) },
    ...recipients.flatMap(({ file, text }) =>
      text === undefined || isThere(file, text) ? [] : [{ path: file, text }],
    ),
  ]
  for (const { path } of files) refuseExisting(path)
  const seedText = recipients.find(({ seedText }) => seedText !== undefined)?.seedText
  if (seedOut !== undefined) refuseExisting(seedOut)
  const seed = seedText === undefined || seedOut === undefined ? undefined : { path: seedOut, text: seedText }
  return { recipients, files, seed }
}

/** Again, since the plan was shown: what has come to be in the meantime is not written over. */
export function refuseChanged({ files, seed }: InitPlan): void {
  for (const { path } of seed ? [...files, seed] : files) refuseExisting(path)
}

/** The same key from an earlier run. */
const isThere = (path: string, text: string): boolean =>
  existsSync(path) && readFileSync(path, 'utf8') === text

export function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new SealError('file-exists', 'is there already', {
      where: { file: path },
      hint:
        path === POLICY_FILE
          ? 'Edit it: `init` only writes the first one.'
          : 'Remove it first, or choose another name.',
    })
}

function refuseTwice(recipients: readonly Recipient[]): void {
  for (const [i, { name, key, from }] of recipients.entries()) {
    const other = recipients.slice(0, i).find((before) => before.key.id === key.id || before.name === name)
    if (!other) continue
    const same = other.key.id === key.id ? 'are the same key' : `would both be called ${name}`
    throw usage(`the keys ${other.from} and ${from} ${same}`)
  }
}
