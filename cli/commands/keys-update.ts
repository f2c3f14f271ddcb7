import { resolve } from 'node:path'
import { isFail } from '../../shared/check/finding.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { SealError } from '../../shared/errors.ts'
import type { SealingKey } from '../../shared/keys/public.ts'
import { readKeyStream } from '../../shared/ops/key-stream.ts'
import { replaceKey, replacePins } from '../../shared/ops/replace-key.ts'
import { readPolicy } from '../../shared/policy/read.ts'
import { confirm } from '../io/prompt.ts'
import { readInput } from '../io/read.ts'
import { type FileToWrite, writeTogether } from '../io/write.ts'
import { type LoadedPolicy, loadPolicyFor, policyPathFor } from '../policy.ts'
import { Refused, usage } from '../refused.ts'
import { counted } from '../render/text.ts'
import { shownPath } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'

interface Change extends FileToWrite {
  /** As it was read: whoever wrote it meanwhile is not written over. */
  before: string
  line: string
}

interface UpdateFlags {
  dryRun?: boolean
  yes?: boolean
}

/** Puts the newest key of a cluster into key files in the place of an older one, and its id into the policy's pins. */
export async function updateKeys(
  files: readonly string[],
  next: SealingKey,
  former: ReadonlySet<string>,
  flags: UpdateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const isFormer = (key: SealingKey) =>
    key.id !== next.id && (former.has(key.id) || key.holder === next.holder)
  const policy = await loadPolicyFor(files[0] ?? '-', signal)
  if (files.some((file) => policyPathFor(file) !== policyPathFor(files[0] ?? '-')))
    throw usage('the files stand under different policies', 'Update them one after the other.')
  const changes: Change[] = []
  const gone = new Set<string>()
  for (const file of files.length > 0 ? files : filesOf(policy)) {
    const { text } = await readInput(file, signal)
    const { keys } = await readKeyStream(file, text, chooseKem)
    const old = keys.map(({ key }) => key).filter(isFormer)
    const [only, second] = old
    if (second) throw usage(`${file} holds several keys of this cluster`, 'Take the older ones out by hand.')
    if (only) {
      gone.add(only.id)
      const replaced = replaceKey(file, text, only, next)
      const after = await readKeyStream(file, replaced, chooseKem)
      if (after.findings.some(isFail) || !after.keys.some(({ key }) => key.id === next.id))
        throw new Refused(after.findings)
      changes.push({
        path: file,
        before: text,
        text: replaced,
        line: `${file}   ${only.id} (${only.notBefore.slice(0, 10)}) → ${next.id} (${next.notBefore.slice(0, 10)})`,
      })
    } else if (keys.some(({ key }) => key.id === next.id)) {
      for (const id of danglingPins(file, keys, policy, next.id, former)) gone.add(id)
    } else if (files.length > 0)
      throw new SealError('key-unknown', `holds no key of ${next.holder}`, { where: { file } })
  }
  if (policy) changes.push(...(await pinChange(policy, gone, next.id, signal)))
  if (changes.length === 0) return terminal.note(`${next.id} is in its place already: nothing to change`)
  terminal.say(
    'plan',
    `the key of ${next.holder} in ${counted(changes.length, 'file')}`,
    changes.map(({ line }) => line),
  )
  terminal.say('hint', "compare the new id with what the cluster's operator tells you")
  if (flags.dryRun) return terminal.note('nothing was written (--dry-run)')
  if (!flags.yes) await confirm(`Replace it in ${counted(changes.length, 'file')}?`, signal)
  for (const { path, before } of changes)
    if ((await readInput(path, signal)).text !== before)
      throw new SealError('file-changed', 'was changed while this command ran', { where: { file: path } })
  await writeTogether(changes)
  terminal.say('changed', counted(changes.length, 'file'))
}

function filesOf(policy: LoadedPolicy | undefined): string[] {
  if (!policy)
    throw usage(
      'no key file is named, and there is no policy that names any',
      'Name the file: `--update prod.key.yaml`.',
    )
  return [...new Set([...policy.policy.recipients.values()].map(({ file }) => shownPath(file, policy)))]
}

/**
 * The pins that are behind a file with the new key: an earlier run was cut off between the two files, or somebody has done
 * half of it by hand. Those that the cluster knows, or the only one of the file whose key is gone.
 */
function danglingPins(
  file: string,
  keys: readonly { key: SealingKey }[],
  policy: LoadedPolicy | undefined,
  next: string,
  former: ReadonlySet<string>,
): string[] {
  const recipients = policy ? [...policy.policy.recipients.values()] : []
  const pins = recipients.flatMap((recipient) =>
    policy && resolve(shownPath(recipient.file, policy)) === resolve(file) ? [recipient.id] : [],
  )
  const dangling = pins.filter((id) => !keys.some(({ key }) => key.id === id))
  const known = pins.filter((id) => id !== next && former.has(id))
  return known.length > 0 || dangling.length > 1 || pins.includes(next) ? known : dangling
}

async function pinChange(
  { path, policy }: LoadedPolicy,
  gone: ReadonlySet<string>,
  id: string,
  signal: AbortSignal,
): Promise<Change[]> {
  const { text: before } = await readInput(path, signal)
  const text = replacePins(path, before, gone, id)
  if (text === before) return []
  // Two recipients must not come to have one key.
  readPolicy(text)
  const pins = [...policy.recipients.values()].filter((recipient) => gone.has(recipient.id))
  const words = pins.map((pin) => `the pin of ${pin.name}: ${pin.id} → ${id}`)
  return [{ path, before, text, line: `${path}   ${words.join(', ')}` }]
}
