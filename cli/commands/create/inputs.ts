import { ask, askHidden, canAsk } from '../../io/prompt.ts'
import { readBytes, readInput, STDIN } from '../../io/read.ts'
import { usage } from '../../refused.ts'

/** Where `create` gets what is not on the command line: files, standard input, and the user at the terminal. */
export interface Inputs {
  text(path: string): Promise<{ name: string; text: string }>
  bytes(path: string): Promise<Uint8Array>
  /** The first line of standard input, without its line break. */
  stdinLine(): Promise<string>
  /** `flag` is what gives the answer where nobody can be asked. */
  ask(question: string, flag: string): Promise<string>
  askHidden(question: string, flag: string): Promise<string>
}

export function openInputs(signal: AbortSignal): Inputs {
  let stdinTaken = false
  const takeStdin = () => {
    if (stdinTaken) throw usage('standard input can be read only once')
    stdinTaken = true
  }
  const asked = (put: typeof ask) => (question: string, flag: string) => {
    if (!canAsk() || stdinTaken)
      throw usage(
        `the ${question.toLowerCase()} is missing: pass ${flag}`,
        'At a terminal the command asks for it.',
      )
    return put(question, signal)
  }
  return {
    async text(path) {
      if (path === STDIN) takeStdin()
      return readInput(path, signal)
    },
    bytes: (path) => readBytes(path, signal),
    async stdinLine() {
      takeStdin()
      const { text } = await readInput(STDIN, signal)
      const line = text.replace(/\r?\n$/, '')
      if (line.includes('\n')) throw usage('standard input has more than one line, and a password is one')
      return line
    },
    ask: asked(ask),
    askHidden: asked(askHidden),
  }
}
