/** One command of a transcript and what came of it. */
interface Step {
  line: string
  stdout: string
  stderr: string
  code: number
}

/**
 * A transcript: comments, then commands with what they print (`>` stdout, `!` stderr, `=` exit code if not 0), then the
 * files that are there afterwards, then, each below its name, the files that were there before.
 */
export interface Transcript {
  comments: string[]
  steps: Step[]
  filesAfter: string[]
  files: Map<string, string>
}

export function parseTranscript(text: string): Transcript {
  const [head = '', ...parts] = text.split(/^-- (.+) --\n/m)
  const transcript: Transcript = { comments: [], steps: [], filesAfter: [], files: new Map() }
  for (let i = 0; i < parts.length; i += 2) transcript.files.set(parts[i] ?? '', parts[i + 1] ?? '')
  for (const line of head.split('\n')) readLine(transcript, line)
  return transcript
}

function readLine(transcript: Transcript, line: string): void {
  const step = transcript.steps.at(-1)
  const rest = line.slice(2)
  if (line.startsWith('#')) transcript.comments.push(line)
  else if (line.startsWith('$ ')) transcript.steps.push({ line: rest, stdout: '', stderr: '', code: 0 })
  else if (line.startsWith('files:')) transcript.filesAfter = line.slice(6).trim().split(/ +/).filter(Boolean)
  else if (line === '') return
  else if (!step) throw new Error(`a transcript begins with a command: ${line}`)
  else if (line[0] === '>') step.stdout += `${rest}\n`
  else if (line[0] === '!') step.stderr += `${rest}\n`
  else if (line.startsWith('= ')) step.code = Number(rest)
  else throw new Error(`not a line of a transcript: ${line}`)
}

export function transcriptText({ comments, steps, filesAfter, files }: Transcript): string {
  const lines = [...comments, '']
  for (const { line, stdout, stderr, code } of steps) {
    lines.push(`$ ${line}`, ...marked('>', stdout), ...marked('!', stderr))
    if (code !== 0) lines.push(`= ${code}`)
    lines.push('')
  }
  lines.push(`files: ${filesAfter.join(' ')}`.trim())
  return `${lines.join('\n')}\n${[...files].map(([name, text]) => `-- ${name} --\n${text}`).join('')}`
}

function marked(mark: string, text: string): string[] {
  if (text === '') return []
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark} ${line}`.trimEnd())
}
