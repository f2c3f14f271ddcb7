import type { Command, CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'

const program = () => createProgram(async () => {})

interface Named {
  words: string[]
  flags: string[]
  /** What it does not run without. */
  needed: string[]
}

/** Every command with the words that lead to it: `keys generate`. */
function commandsOf(command: Command, words: readonly string[] = []): Named[] {
  return command.commands.flatMap((child) => {
    const here = [...words, child.name()]
    const flags = child.options.flatMap(({ long }) => (long && long.length > 6 ? [long] : []))
    const needed = child.options.flatMap(({ long, mandatory }) => (long && mandatory ? [long, 'x'] : []))
    return [{ words: here, flags, needed }, ...commandsOf(child, here)]
  })
}

const commands = commandsOf(program())

async function saidOf(args: readonly string[]): Promise<string> {
  try {
    await program().parseAsync(args, { from: 'user' })
    return ''
  } catch (error) {
    return (error as CommanderError).message
  }
}

/** Two letters change places. */
const misspelt = (word: string): string => `${word.slice(0, -2)}${word.at(-1)}${word.at(-2)}`

const longNamed = commands.filter(({ words }) => (words.at(-1) ?? '').length > 3)

test.each(longNamed.map(({ words }) => words))('%s %s is guessed', async (...words) => {
  const last = words.filter((word) => word !== undefined).at(-1) ?? ''
  const typed = misspelt(last)
  if (typed === last) return
  expect(await saidOf([...words.slice(0, -1), typed])).toContain(`(Did you mean ${last}?)`)
})

test.each(commands.filter(({ flags }) => flags.length > 0))(
  'flags of $words are guessed',
  async ({ words, flags, needed }) => {
    for (const flag of flags) {
      const said = await saidOf([...words, ...needed, misspelt(flag), 'x'])
      expect(said, flag).toMatch(/unknown option .*\n\(Did you mean /s)
    }
  },
)

test('there are many of them', () => {
  expect(commands.length).toBeGreaterThan(12)
})
