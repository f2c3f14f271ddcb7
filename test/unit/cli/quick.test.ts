import { expect, test } from 'vitest'
import { createProgram } from '../../../cli/program.ts'
import { quickSeal } from '../../../cli/quick.ts'

test.each([
  'seal -k a.yaml b.yaml',
  'seal b.yaml -k a.yaml --key c.yaml --write d.yaml',
  'seal -k a.yaml',
  'seal -k a.yaml -',
])('%s means what the parser of all flags makes of it', async (line) => {
  const args = line.split(' ')
  const program = createProgram(async () => {})
  await program.parseAsync(args, { from: 'user' })
  const [seal] = program.commands.filter((command) => command.name() === 'seal')
  expect(quickSeal(args)).toEqual({ files: seal?.args, flags: seal?.opts() })
})

test.each([
  'seal b.yaml',
  'seal -k',
  'seal -k -n',
  'seal -ka.yaml b.yaml',
  'seal -k a.yaml -- b.yaml',
  'seal -k a.yaml --scope strict b.yaml',
  'seal --key=a.yaml b.yaml',
  'seal -q -k a.yaml b.yaml',
  '-q seal -k a.yaml b.yaml',
  'unseal -k a.yaml b.yaml',
  'seal -k a.yaml --help',
])('%s is left to that parser', (line) => {
  expect(quickSeal(line.split(' '))).toBeUndefined()
})
