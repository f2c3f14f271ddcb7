import { nearest } from '../../shared/check/nearest.ts'
import { SealError } from '../../shared/errors.ts'
import { planRotate } from '../../shared/ops/rotate.ts'
import { applyNewValues } from '../change/new-values.ts'
import { type OpenFile, openFile } from '../change/open.ts'
import { newRecipients } from '../change/recipients.ts'
import { askHidden, canAsk } from '../io/prompt.ts'
import { randomBytes } from '../io/random.ts'
import { STDIN } from '../io/read.ts'
import { usage } from '../refused.ts'
import { rulingFor } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'
import { rotateDue } from './rotate/due.ts'
import type { RotateFlags } from './rotate/flags.ts'
import { recipesOf } from './rotate/recipes.ts'

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
  await applyNewValues(opened, { values, recipients }, flags, terminal, signal)
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
