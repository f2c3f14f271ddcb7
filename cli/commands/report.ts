import { isFail } from '../../shared/check/finding.ts'
import { type AgeCounts, ageRows, compareAges, countAges } from '../../shared/ops/report.ts'
import { limitsOf } from '../limits.ts'
import { agesJson, agesText } from '../render/ages.ts'
import { sayFindings } from '../render/diagnostics.ts'
import { agesHtml } from '../render/html.ts'
import { counted } from '../render/text.ts'
import { rulingFor } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'
import { collectSealed } from './report/collect.ts'

export interface ReportFlags {
  output: 'text' | 'json' | 'html'
}

/** How old the sealed values are; resolves to the exit code. What cannot be read is said, and the rest listed. */
export async function runReport(
  paths: readonly string[],
  { output }: ReportFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { files, sealed, findings } = await collectSealed(paths, terminal, signal)
  const now = Date.now()
  const rows = []
  for (const one of sealed)
    rows.push(
      ...ageRows(one, await limitsOf(await rulingFor(one.file === 'stdin' ? '-' : one.file, signal)), now),
    )
  rows.sort(compareAges)
  const counts = countAges(rows)
  const render = { text: agesText, json: agesJson, html: agesHtml }[output]
  await terminal.write(render(rows, counts, { paint: terminal.stdout.paint, now }))
  sayFindings(terminal, findings)
  terminal.note(sealed.length === 0 ? `no SealedSecret in ${counted(files, 'file')}` : summary(counts))
  return findings.some(isFail) ? 1 : 0
}

function summary({ values, due, unknown }: AgeCounts): string {
  const parts = [due > 0 ? `${due} due` : '', unknown > 0 ? `${unknown} of unknown age` : '']
  return `${counted(values, 'value')}: ${parts.filter((part) => part !== '').join(', ') || 'none due'}`
}
