import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/programs.ts'
import { openShell } from '../support/shell.ts'

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** The blocks of a page that are marked `sh run`; they build on each other. */
const blocksOf = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(
    ([, block = '']) => block,
  )

describe.concurrent('the commands of', { timeout: 120_000 }, () => {
  for (const page of pages) {
    const blocks = blocksOf(page)
    if (blocks.length === 0) continue
    test(page, async () => {
      const shell = openShell()
      try {
        const { code, stderr } = await shell.warm(`set -eu\n${blocks.join('\n')}`)
        expect(code, stderr).toBe(0)
      } finally {
        shell.remove()
      }
    })
  }

  test('README.md are run, and those of the pages on commands', () => {
    const run = pages.filter((page) => blocksOf(page).length > 0)
    expect(run).toEqual(
      expect.arrayContaining([
        'README.md',
        'docs/checks.md',
        'docs/create.md',
        'docs/edit.md',
        'docs/keys.md',
        'docs/policy.md',
        'docs/seal.md',
        'docs/unseal.md',
        'docs/verify.md',
      ]),
    )
  })
})
