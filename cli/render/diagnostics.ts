import type { Finding } from '../../shared/check/finding.ts'
import { CODES } from '../../shared/codes.ts'
import type { Terminal } from '../terminal.ts'
import { clauses, lowerFirst, wrap } from './text.ts'
import { sentence } from './words.ts'

/** Errors and warnings of a command: each on its line, the advice once for those in a row that share it. */
export function sayFindings(terminal: Terminal, findings: readonly Finding[]): void {
  findings.forEach((finding, i) => {
    const next = findings[i + 1]
    const more = next && sameAdvice(finding, next) ? [] : adviceOf(finding)
    const code = ` [${finding.code}]`
    const [first, rest] = clauses(`${placeText(finding)}${sentence(finding)}`, ROOM - code.length)
    terminal.say(finding.severity === 'fail' ? 'error' : 'warn', first + code, [...rest, ...more])
  })
}

/** Of 100 columns, what the mark before the line leaves. */
const ROOM = 92

/** `db.yaml:9: ` */
function placeText({ file, line }: Finding): string {
  if (file === undefined) return ''
  return line === undefined ? `${file}: ` : `${file}:${line}: `
}

export const sameAdvice = (a: Finding, b: Finding): boolean =>
  a.code === b.code && a.severity === b.severity && fixOf(a) === fixOf(b)

function adviceOf(finding: Finding): string[] {
  return [...wrap(CODES[finding.code].why), ...wrap(`fix: ${lowerFirst(fixOf(finding))}`)]
}

export const fixOf = ({ code, hint }: Finding): string => hint ?? CODES[code].fix
