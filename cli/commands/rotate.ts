import { isFail } from '../../shared/check/finding.ts'
import { nearest } from '../../shared/check/nearest.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { SealError } from '../../shared/errors.ts'
import { setValues } from '../../shared/ops/edit/values.ts'
import { planRotate } from '../../shared/ops/rotate.ts'
import { applyChange } from '../change/apply.ts'
import { checkNewValues } from '../change/checks.ts'
import { inFile, type OpenFile, openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
import { askHidden, canAsk } from '../io/prompt.ts'
import { STDIN } from '../io/read.ts'
import { Refused, usage } from '../refused.ts'
import { sayFindings } from '../render/diagnostics.ts'
import { rulingFor } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'
import { rotateDue } from './rotate/due.ts'
import type { RotateFlags } from './rotate/flags.ts'
import { randomBytes, recipesOf } from './rotate/recipes.ts'

/** New values for old ones, in their files; no private key is needed. */
export async function runRotate(
  words: readonly string[],
  flags: RotateFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (flags.due) return rotateDue(words, flags, terminal, signal)
  const [file, ...keys] = words
  if (file === undefined || keys.length === 0)
    throw usage('rotate needs a FILE and a KEY', 'Or pass --due for all values that are due.')
  const opened = await openFile(file, flags.name, signal)
  const { sealed } = opened.target
  checkPresent(keys, [...sealed.data.keys()], opened.input.name)
  const recipients = await newRecipients(opened, flags, new Map(), terminal, signal)
  const values = await newValues(opened, keys, signal)
  const findings = await checkNewValues(opened, sealed, values, flags, signal)
  if (findings.some(isFail)) throw new Refused(findings)
  sayFindings(terminal, findings)
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  const after = await inFile(opened.target, () => setValues(sealed, values, recipients, means))
  await applyChange({ opened, after, recipients }, flags, terminal, signal)
}

async function newValues(
  { input }: OpenFile,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const recipes = await recipesOf(await rulingFor(input.path ?? STDIN, signal))
  const { values, open } = planRotate(keys, recipes, randomBytes)
  if (open.length > 0 && !canAsk())
    throw usage(
      `no \`generate\` rule for ${open.join(', ')}`,
      'Add one to the policy, or give the value with `waxwing set --stdin`; there is no terminal to ask on.',
    )
  for (const key of open) values.set(key, new TextEncoder().encode(await askHidden(key, signal)))
  return values
}

function checkPresent(keys: readonly string[], present: readonly string[], file: string): void {
  const unknown = keys.find((key) => !present.includes(key))
  if (unknown === undefined) return
  const meant = nearest(unknown, present)
  const has = `It has ${present.join(', ') || 'none at all'}; \`waxwing set\` adds values.`
  throw new SealError('value-missing', 'has no value of one of these keys', {
    where: { file },
    hint: meant === undefined ? has : `Did you mean \`${meant}\`?`,
  })
}
