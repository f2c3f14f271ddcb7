import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'
import { root } from '../../support/programs.ts'
import { parseTranscript } from '../../transcripts/parse.ts'

// Every command has a transcript and a page whose commands are run: a new one without them fails here.

/** What each command is called, kubectl's names included. */
function commandsOf(command: Command, before = ''): string[][] {
  return command.commands.flatMap((child) => {
    if (child.name() === 'help') return []
    const names = [child.name(), ...child.aliases()].map((name) => `${before}${name}`)
    return child.commands.length > 0 ? commandsOf(child, `${names[0]} `) : [names]
  })
}

const commands = commandsOf(createProgram(async () => {}))

const folder = join(root, 'test/transcripts/cases')
const steps = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.txt'))
  .flatMap((name) => parseTranscript(readFileSync(join(folder, name), 'utf8')).steps)

const blocks = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => [
    ...readFileSync(join(root, 'docs', name), 'utf8').matchAll(/^```sh run\n([\s\S]*?)^```$/gm),
  ])
  .map(([, block = '']) => block)

/** `waxwing NAME`, with flags in between if need be, and not in a comment or a word. */
const calls = (text: string, name: string): boolean =>
  new RegExp(`(^|[|;&(]|\\b(if|then|do|EDITOR=\\S+|"\\S*")) *waxwing (-\\S+ )*${name}(?=\\s|$)`, 'm').test(
    text,
  )

const codesOf = (name: string) => steps.filter(({ line }) => calls(line, name)).map(({ code }) => code)

describe.each(commands.map((names) => ({ names })))('$names', ({ names }) => {
  test.each(names)('%s has a transcript that works', (name) => {
    expect(codesOf(name)).toContain(0)
  })

  test('has one that is refused', () => {
    expect(Math.max(...names.flatMap(codesOf))).toBeGreaterThan(0)
  })

  test.each(names)('%s is run by a page', (name) => {
    expect(blocks.some((block) => calls(block, name))).toBe(true)
  })
})

test('what counts as a call', () => {
  expect(calls('echo x | waxwing -q seal -k a', 'seal')).toBe(true)
  expect(calls('EDITOR=cat waxwing edit a', 'edit')).toBe(true)
  expect(calls('# waxwing seal', 'seal')).toBe(false)
  expect(calls('waxwing set', 'seal')).toBe(false)
  expect(calls('waxwing sealed', 'seal')).toBe(false)
  expect(commands.length).toBeGreaterThan(20)
})
