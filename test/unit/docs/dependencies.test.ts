import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Manifest = Record<'dependencies' | 'devDependencies', Record<string, string>>
const product = JSON.parse(read('package.json')) as Manifest
const runtimes = JSON.parse(read('test/runtimes/package.json')) as Manifest

/** The rows of the table under a heading of the page: package, licence, why. */
function rows(heading: string): string[][] {
  const [, after = ''] = read('docs/dependencies.md').split(`\n## ${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/^\| `(.+?)` \| (.+?) \| (.+?) \|$/gm)].map((match) => match.slice(1))
}

interface Lockfile {
  packages: Record<string, { license?: string }>
}

describe.each([
  ['dependencies', '', product.dependencies],
  ['devDependencies', '', product.devDependencies],
  ['test/runtimes', 'test/runtimes/', runtimes.dependencies],
])('docs/dependencies.md, %s', (heading, folder, manifest) => {
  const { packages } = JSON.parse(read(`${folder}package-lock.json`)) as Lockfile

  test('names exactly what the manifest names, in its order', () => {
    expect(rows(heading).map(([name]) => name)).toEqual(Object.keys(manifest).sort())
  })

  test('says why', () => {
    for (const [name, , why = ''] of rows(heading)) expect(why.split(' ').length, name).toBeGreaterThan(3)
  })

  test('pins exact versions', () => {
    for (const [name, version] of Object.entries(manifest)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('states the licence that the package states', () => {
    for (const [name = '', licence] of rows(heading)) {
      const stated = packages[`node_modules/${name}`]?.license ?? 'not stated'
      expect(licence, name).toBe(stated.replace(' OR ', ' or '))
    }
  })
})
