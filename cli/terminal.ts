import type { Output } from './io/standard.ts'
import { type ColorWhen, choosePaint, type Paint, printable, type Style } from './render/paint.ts'
import { MANY, noProgress, type Progress, progressBar } from './render/progress.ts'

type Label = 'error' | 'warn' | 'hint' | 'sealed' | 'opened' | 'made' | 'fetched' | 'changed' | 'plan'

/** Data goes to stdout and words to stderr; nothing else writes there. */
export interface Terminal {
  /** Data, whole; resolves when the reader has taken it. */
  write(text: string): Promise<void>
  /** A line of words; the more lines stand below it, indented. `-q` leaves only errors and warnings. */
  say(label: Label, line: string, more?: readonly string[]): void
  /** A line of words without a label. */
  note(line: string): void
  /** For work on that many things; shown on a terminal only. */
  progress(total: number, what: string): Progress
  readonly stdout: { paint: Paint; isTty: boolean }
}

export interface TerminalOptions {
  quiet?: boolean
  color?: ColorWhen
}

const STYLES: Record<Label, Style> = {
  error: 'red',
  warn: 'yellow',
  hint: 'cyan',
  sealed: 'green',
  opened: 'green',
  made: 'green',
  fetched: 'green',
  changed: 'green',
  plan: 'cyan',
}
const LABEL_WIDTH = 8

export function openTerminal(
  { stdout, stderr, env }: { stdout: Output; stderr: Output; env: NodeJS.ProcessEnv },
  { quiet = false, color = 'auto' }: TerminalOptions,
): Terminal {
  const paint = choosePaint(color, stderr.isTTY === true, env)
  return {
    get stdout() {
      const isTty = stdout.isTTY === true
      return { paint: choosePaint(color, isTty, env), isTty }
    },
    write: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()))
      }),
    say(label, line, more = []) {
      if (quiet && label !== 'error' && label !== 'warn') return
      const head = `${paint(STYLES[label], label)}${' '.repeat(LABEL_WIDTH - label.length)}`
      const rest = more.map((text) => `${' '.repeat(LABEL_WIDTH)}${printable(text)}\n`).join('')
      stderr.write(`${head}${printable(line)}\n${rest}`)
    },
    progress(total, what) {
      if (quiet || total <= MANY || stderr.isTTY !== true || env.TERM === 'dumb') return noProgress
      return progressBar(
        (text) => stderr.write(text),
        paint,
        total,
        what,
        () => performance.now(),
      )
    },
    note(line) {
      if (!quiet) stderr.write(`${printable(line)}\n`)
    },
  }
}
