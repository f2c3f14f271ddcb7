import type { AgeCounts, AgeRow } from '../../shared/ops/report.ts'
import { ageText, identityOf, limitText } from './ages.ts'
import { counted } from './text.ts'

/** A page of its own: no scripts, no fonts or styles from elsewhere, and a policy that allows none. */
export function agesHtml(rows: readonly AgeRow[], counts: AgeCounts, { now }: { now: number }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Ages of sealed values</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>Ages of sealed values</h1>
<p>As of ${new Date(now).toISOString().slice(0, 10)}: ${counted(counts.values, 'value')}, ${counts.due} due, ${counts.unknown} of unknown age. Ages are those that <code>waxwing.dev/sealed-at</code> states.</p>
<table>
<thead><tr>${HEAD.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(rowHtml).join('\n')}
</tbody>
</table>
</body>
</html>
`
}

const HEAD = ['File', 'Name', 'Key', 'Sealed', 'Age', 'Allowed', 'State']

const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .75rem .35rem 0; text-align: left; }
td:nth-child(1), td:nth-child(3) { font-family: ui-monospace, monospace; font-size: .9em; }
tr.due td { color: #c2410c; font-weight: 600; }
tr.unknown td { font-style: italic; }
@media (prefers-color-scheme: dark) { tr.due td { color: #fdba74; } }`

function rowHtml(row: AgeRow): string {
  const inTime = row.limit === undefined ? '-' : 'in time'
  const words = { ok: inTime, due: 'due', unknown: 'not known' }[row.state]
  const cells = [
    row.file,
    identityOf(row),
    row.key,
    row.sealedAt?.slice(0, 10) ?? '-',
    ageText(row),
    limitText(row),
    words,
  ]
  return `<tr class="${row.state}">${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
