import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../cli/program.ts'
import { type Canary, canary, expectNoCanary } from '../support/canary.ts'
import { KEY_NAMES, manyKeys, namedKey } from '../support/keys.ts'
import { openShell, type Shell } from '../support/shell.ts'
import { mask } from './mask.ts'
import { parseTranscript, type Transcript, transcriptText } from './parse.ts'

const folder = join(import.meta.dirname, 'cases')
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
/** Lines that run with a process for every command, whatever the others do. */
const alone = firstOfEach(texts.map(([, text]) => parseTranscript(text)))
const update = process.env.UPDATE_TRANSCRIPTS !== undefined
const keys = new Map(await Promise.all(KEY_NAMES.map(async (name) => [name, await namedKey(name)] as const)))
const many = new Map([
  ['sixty-four.key.yaml', await manyKeys(64)],
  ['sixty-five.key.yaml', await manyKeys(65)],
])
const knownIds = [...keys.values()].map(({ key }) => key.id)

// Many short programs: on a busy machine they wait for each other.
describe.concurrent('transcript', { timeout: 120_000 }, () => {
  for (const [name, expected] of texts)
    test(name, async () => {
      const actual = transcriptText(await replay(parseTranscript(expected), name))
      if (update) writeFileSync(join(folder, name), actual)
      expect(actual).toBe(expected)
    })

  test('each command has a process of its own at least once', () => {
    const commands = createProgram(async () => {}).commands.map((command) => command.name())
    expect([...alone.values()]).toEqual(expect.arrayContaining(commands))
  })
})

/** For each command the first line that has it and succeeds. */
function firstOfEach(transcripts: Transcript[]): Map<string, string> {
  const lines = new Map<string, string>()
  for (const { line, code } of transcripts.flatMap(({ steps }) => steps)) {
    const command = /\bwaxwing ([a-z]+(?:-[a-z]+)*)/.exec(line)?.[1]
    if (command !== undefined && code === 0 && ![...lines.values()].includes(command))
      lines.set(line, command)
  }
  return lines
}

/** Runs the commands of a transcript; gives it with what came of them now. */
async function replay(transcript: Transcript, name: string): Promise<Transcript> {
  const shell = openShell()
  const secret = canary()
  try {
    const given = writeInputs(shell, transcript, secret)
    const steps = []
    for (const { line } of transcript.steps) {
      const run = alone.has(line) ? shell.sh : shell.warm
      const { code, stdout, stderr } = await run(line)
      expectNoCanary(stdout + stderr, `the output of ${line} in ${name}`, [secret])
      const masked = (text: string) => mask(text, shell.folder, knownIds, Date.now())
      steps.push({ line, code, stdout: masked(stdout), stderr: masked(stderr) })
    }
    const filesAfter = filesIn(shell).filter((file) => !given.has(file) || transcript.files.has(file))
    for (const file of filesAfter)
      if (!given.has(file))
        expectNoCanary(readFileSync(join(shell.folder, file), 'utf8'), `${file} of ${name}`, [secret])
    return { ...transcript, steps, filesAfter }
  } finally {
    shell.remove()
  }
}

const filesIn = ({ folder }: Shell): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

/** The files of the transcript, and the key files that it names; `@canary@` in one becomes a value to look for. */
function writeInputs({ folder }: Shell, transcript: Transcript, { text }: Canary): Set<string> {
  const value = text.replace(/".*$/s, '')
  const given = new Map<string, string | Buffer>()
  const spoken = [...transcript.steps.map(({ line }) => line), ...transcript.files.values()].join('\n')
  for (const [name, { publicText, seedText }] of keys) {
    if (spoken.includes(`${name}.key.yaml`)) given.set(`${name}.key.yaml`, publicText)
    if (spoken.includes(`${name}.seed.yaml`)) given.set(`${name}.seed.yaml`, seedText)
  }
  for (const [name, text] of many) if (spoken.includes(name)) given.set(name, text)
  for (const [name, content] of transcript.files)
    given.set(
      name,
      content.replaceAll('@canary@', value).replaceAll('@canary64@', Buffer.from(value).toString('base64')),
    )
  for (const [name, content] of given) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return new Set(given.keys())
}
