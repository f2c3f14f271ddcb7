import { statSync } from 'node:fs'
import { isObjectName } from '../../shared/format/limits.ts'
import { SECRET_KINDS, type SecretKind } from '../../shared/ops/create/kinds.ts'
import { manifestText } from '../../shared/ops/create/manifest.ts'
import { parsePairs } from '../../shared/ops/create/sources.ts'
import { newValues } from '../../shared/ops/create/values.ts'
import { readAllowFlags } from '../allow.ts'
import { STDIN } from '../io/read.ts'
import { readPublicKeys } from '../keys.ts'
import { usage } from '../refused.ts'
import { checkSealable } from '../sealable.ts'
import type { Terminal } from '../terminal.ts'
import type { CreateFlags } from './create/flags.ts'
import { openInputs } from './create/inputs.ts'
import { filesOf } from './create/sources.ts'
import { MAKERS, type Made } from './create/typed.ts'
import type { SealFlags, SealInput } from './seal/flags.ts'
import { chooseTargets } from './seal/targets.ts'
import { sealInputs } from './seal.ts'

/** Makes a Secret and seals it at once: in plain it exists in memory only. `name` '' is for the kind to choose. */
export async function runCreate(
  kind: SecretKind,
  name: string,
  flags: CreateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (name !== '' && !isObjectName(name))
    throw usage('this is not a name that Kubernetes accepts', 'Use lower-case letters, digits, `-` and `.`.')
  readAllowFlags(flags.allow)
  const { key: _, sealingKey = [], output = 'yaml', ...others } = flags
  const namespace = kind === 'bootstrap-token' ? (flags.namespace ?? 'kube-system') : flags.namespace
  const seal: SealFlags = {
    ...others,
    output,
    key: sealingKey,
    ...(namespace === undefined ? {} : { namespace }),
  }
  // Whoever is asked for a password should not learn afterwards that there is no key.
  checkSealable(await readPublicKeys(sealingKey.filter(isReadAgain), signal), flags.allowExpired)
  const target = chooseTargets(filesOf(flags), seal)
  let words: string | undefined
  const make = async (): Promise<SealInput[]> => {
    const { made, text } = await makeManifest(kind, name, flags, signal)
    words = made.words
    return [{ name: made.name, text, made: true }]
  }
  await sealInputs(make, target, seal, terminal, signal)
  if (words !== undefined && !flags.dryRun) terminal.say('made', words)
  if (flags.fromLiteral !== undefined || flags.dockerPassword !== undefined) terminal.say('hint', HISTORY)
}

/** What is not there is refused now; pipes and standard input can be read only once. */
function isReadAgain(path: string): boolean {
  return path !== STDIN && statSync(path, { throwIfNoEntry: false })?.isFile() !== false
}

const HISTORY =
  'values on the command line stay in the history of the shell: a file, standard input or a prompt keeps them out'

async function makeManifest(
  kind: SecretKind,
  name: string,
  flags: CreateFlags,
  signal: AbortSignal,
): Promise<{ made: Made; text: string }> {
  const labels = parsePairs('--label', flags.label ?? [])
  const annotations = parsePairs('--annotation', flags.annotation ?? [])
  const values = newValues()
  const made = await MAKERS[kind]({ name, flags, values, inputs: openInputs(signal), now: Date.now() })
  const text = manifestText({
    name: made.name,
    type: flags.type ?? SECRET_KINDS[kind].type,
    immutable: flags.immutable === true,
    labels,
    annotations: new Map([...annotations, ...(made.annotations ?? [])]),
    values: values.map,
  })
  return { made, text }
}
