import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { usage } from '../refused.ts'

/** Questions go to stderr, so that stdout may be a file. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** A line of the user's. */
export const ask = (question: string, signal: AbortSignal): Promise<string> =>
  askLine(question, process.stderr, signal)

/** Whether to apply what was shown; refuses where nobody can be asked. */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!canAsk())
    throw usage('there is no terminal to ask on', 'Pass --yes to apply it, or --dry-run to look.')
  const answer = await ask(`${question} [y/N]`, signal)
  if (!/^y(es)?$/i.test(answer.trim())) throw usage('left as it is')
}

/** A line that is not shown. */
export const askOnce = (question: string, signal: AbortSignal): Promise<string> =>
  askLine(question, undefined, signal)

/** The same, typed twice: once sealed, nobody can look whether it was typed right. */
export async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  const first = await askOnce(question, signal)
  const second = await askOnce(`${question} again`, signal)
  if (first !== second) throw usage('what was typed is not the same both times', 'Start again.')
  return first
}

async function askLine(
  question: string,
  echo: NodeJS.WriteStream | undefined,
  signal: AbortSignal,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: echo ?? nowhere,
    terminal: true,
    historySize: 0,
  })
  // Only now: who answers before the terminal has ceased to show what is typed would be seen.
  if (!echo) process.stderr.write(`${question}: `)
  try {
    return await new Promise((resolve, reject) => {
      // The terminal no longer makes a signal of Ctrl-C; whoever waits for that signal ends the question.
      lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      lines.once('close', () => reject(usage('the input has ended before the answer')))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      lines.question(echo ? `${question}: ` : '', resolve)
    })
  } finally {
    lines.close()
    if (!echo) process.stderr.write('\n')
  }
}
