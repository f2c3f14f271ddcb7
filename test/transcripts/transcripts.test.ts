import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Canary, canary, expectNoCanary } from '../support/canary.ts'
import { KEY_NAMES, manyKeys, namedKey } from '../support/keys.ts'
import { openShell, type Shell } from '../support/shell.ts'
import { mask } from './mask.ts'
import { parseTranscript, type Transcript, transcriptText } from './parse.ts'

const folder = join(import.meta.dirname, 'cases')
const update = process.env.UPDATE_TRANSCRIPTS !== undefined
const keys = new Map(await Promise.all(KEY_NAMES.map(async (name) => [name, await namedKey(name)] as const)))
const many = new Map([
  ['sixty-four.key.yaml', await manyKeys(64)],
  ['sixty-five.key.yaml', await manyKeys(65)],
])
const knownIds = [...keys.values()].map(({ key }) => key.id)

// Many short programs: on a busy machine they wait for each other.
describe.concurrent('transcript', { timeout: 120_000 }, () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.txt'),
  )
  for (const name of names.sort())
    test(name, async () => {
      const path = join(folder, name)
      const expected = readFileSync(path, 'utf8')
      const actual = transcriptText(await replay(parseTranscript(expected), name))
      if (update) writeFileSync(path, actual)
      expect(actual).toBe(expected)
    })
})

/** Runs the commands of a transcript; gives it with what came of them now. */
async function replay(transcript: Transcript, name: string): Promise<Transcript> {
  const shell = openShell()
  const secret = canary()
  try {
    const given = writeInputs(shell, transcript, secret)
    const steps = []
    for (const { line } of transcript.steps) {
      const { code, stdout, stderr } = await shell.sh(line)
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
