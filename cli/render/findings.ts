import type { Finding } from '../../shared/check/finding.ts'
import { fixOf, sameAdvice } from './diagnostics.ts'
import { type Paint, printable } from './paint.ts'
import { lowerFirst } from './text.ts'
import { sentence } from './words.ts'

/** A list of findings below the names of their files. On a terminal the severities are marks. */
export function findingsText(findings: readonly Finding[], paint: Paint, isTty: boolean): string {
  let text = ''
  let file: string | undefined
  for (const [i, finding] of findings.entries()) {
    if (finding.file !== file) text += `${paint('bold', printable(finding.file ?? ''))}\n`
    file = finding.file
    text += `${headLine(finding, paint, isTty)}\n`
    const next = findings[i + 1]
    // Once for those in a row that share it.
    if (!next || next.file !== file || !sameAdvice(finding, next)) text += `${fixLine(finding, paint)}\n`
  }
  return text
}

const PLACE = 6
const SEVERITY = 6
const CODE = 18

function headLine(finding: Finding, paint: Paint, isTty: boolean): string {
  const { severity, code, line, column } = finding
  const place = line === undefined ? '' : `${line}:${column ?? 1}`
  const label = (isTty ? { fail: '✗', warn: '!' } : { fail: 'fail', warn: 'warn' })[severity].padEnd(SEVERITY)
  const colour = severity === 'fail' ? 'red' : 'yellow'
  return `  ${cell(place, PLACE)}${paint(colour, label)}${cell(code, CODE)}${printable(sentence(finding))}`
}

function fixLine(finding: Finding, paint: Paint): string {
  const indent = ' '.repeat(2 + PLACE + SEVERITY + CODE)
  return `${indent}${paint('dim', `fix: ${lowerFirst(printable(fixOf(finding)))}`)}`
}

/** At least one space after it. */
const cell = (text: string, width: number): string => `${text} `.padEnd(width)

/** For machines: the codes and arguments as they are, and the sentence for whoever reads it after all. */
export function findingsJson(
  findings: readonly Finding[],
  counts: { files: number; fail: number; warn: number },
): string {
  const shown = findings.map((finding) => {
    const { code, severity, file, line, column } = finding
    const { reason: _, ...args } = finding.args
    return { code, severity, file, line, column, message: sentence(finding), fix: fixOf(finding), args }
  })
  return `${JSON.stringify({ version: 1, ...counts, findings: shown }, null, 2)}\n`
}
