import { readFileSync } from 'node:fs'
import { lostValues, placeOf } from '../../../shared/ops/lost-values.ts'
import type { PlannedSecret } from '../../../shared/ops/seal-plan.ts'
import { GROUP } from '../../../shared/ops/verify-stream.ts'
import { confirmLoss } from '../../change/loss.ts'
import { committedText } from '../../io/committed.ts'
import type { FileToWrite } from '../../io/write.ts'
import type { Terminal } from '../../terminal.ts'

/** Asks where a file that is there has values that neither git nor the new file has. */
export async function confirmReplaced(
  files: readonly FileToWrite[],
  secrets: readonly PlannedSecret[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const anew = new Set(
    secrets.flatMap(({ secret: { namespace, name, data } }) =>
      [...data.keys()].map((key) => placeOf(namespace, name, key)),
    ),
  )
  const losses = files.map(({ path, text }) => ({ file: path, keys: lostIn(path, text, anew) }))
  await confirmLoss(
    losses.filter(({ keys }) => keys.length > 0),
    terminal,
    signal,
  )
}

function lostIn(path: string, after: string, anew: ReadonlySet<string>): string[] {
  const before = readFileSync(path, 'utf8')
  if (!before.includes(GROUP)) return []
  const committed = committedText(path)
  return committed === undefined || committed === before
    ? []
    : lostValues(path, { before, after, committed }, anew)
}
