import type { Finding } from '../../../shared/check/finding.ts'
import { fixOf } from '../../render/diagnostics.ts'
import { lowerFirst, wrap } from '../../render/text.ts'
import { sentence } from '../../render/words.ts'

/** What stands above the text in the editor, as comments: what to do, and what was wrong with it. */

const MARK = '#! '

export interface PageHead {
  file: string
  identity: string
  /** The private key is at hand: values are shown. */
  open: boolean
  /** Why new values cannot be sealed. */
  locked: string | undefined
}

export function headText({ file, identity, open, locked }: PageHead): string {
  const lines = [
    `${file}: ${identity}`,
    '',
    ...(open
      ? [
          'A value that you leave stays as it is in the file, byte for byte; one that you change is sealed anew.',
        ]
      : [
          '`<sealed …>` stands for a value: leave it, and the value stays as it is in the file, byte for byte;',
          'write another in its place, and that is sealed.',
        ]),
    'A new line under `data` is a new value, a removed line removes one. Use quotes where ` #` or `: ` is in',
    'a value. Leave the editor without a change, or with nothing, and nothing is done.',
    ...(locked === undefined ? [] : ['', ...wrap(`New values cannot be sealed: ${locked}`)]),
  ]
  return lines.map((line) => (line === '' ? '#\n' : `# ${line}\n`)).join('')
}

/** The page again, with what is wrong on top; lines are those of the page as it is shown then. */
export function pageWithErrors(page: string, findings: readonly Finding[]): string {
  const lines = page.split('\n')
  const body = lines.filter((line) => !line.startsWith(MARK))
  const moved = (height: number) => height - (lines.length - body.length)
  const words = (height: number) =>
    findings.flatMap((finding) => {
      const place = finding.line === undefined ? '' : `line ${finding.line + moved(height)}: `
      return [
        ...wrap(`${place}${sentence(finding)} [${finding.code}]`),
        ...wrap(`fix: ${lowerFirst(fixOf(finding))}`).map((line) => `  ${line}`),
      ]
    })
  // The height does not depend on the digits of a line's number but in the rarest case.
  const head = words(words(0).length).map((line) => `${MARK}${line}`)
  return [...head, ...body].join('\n')
}

/** What somebody typed, apart from what was said about it. */
export const withoutErrors = (page: string): string =>
  page
    .split('\n')
    .filter((line) => !line.startsWith(MARK))
    .join('\n')

/** Nothing but comments and white space. */
export const isBlankPage = (page: string): boolean => /^(\s*(#.*)?(\n|$))*$/.test(page)
