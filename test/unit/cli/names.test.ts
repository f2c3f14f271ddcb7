import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { besideName } from '../../../cli/commands/seal/targets.ts'
import { gitWorkTreeOf } from '../../../cli/io/git.ts'
import { findManifests } from '../../../cli/io/walk.ts'
import '../../support/throw-with-code.ts'

test.each([
  ['db.yaml', undefined, 'db.sealed.yaml'],
  ['apps/db.yml', undefined, 'apps/db.sealed.yml'],
  ['db.json', undefined, 'db.sealed.json'],
  ['db.json', 'yaml', 'db.sealed.yaml'],
  ['db.yaml', 'json', 'db.sealed.json'],
  ['db.yml', 'yaml', 'db.sealed.yml'],
  ['db', undefined, 'db.sealed.yaml'],
  ['db', 'json', 'db.sealed.json'],
  ['a.b/db', undefined, 'a.b/db.sealed.yaml'],
  ['db.secret.yaml', undefined, 'db.secret.sealed.yaml'],
  ['.yaml', undefined, '.yaml.sealed.yaml'],
  ['a/.yaml', undefined, 'a/.yaml.sealed.yaml'],
] as const)('%s with -o %s is written to %s', (path, output, expected) => {
  expect(besideName(path, output)).toBe(expected)
})

function withTree<T>(files: readonly string[], look: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'waxwing-tree-'))
  try {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), '')
    }
    return look(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('folders are searched in order, leaving out what is no manifest, .git, node_modules and links to folders', () => {
  const files = [
    'b.yaml',
    'a.yml',
    'c.json',
    'd.txt',
    'sub/e.yaml',
    'sub/.git/f.yaml',
    'node_modules/g.yaml',
    '.h/i.yaml',
  ]
  withTree(files, (folder) => {
    symlinkSync('sub', join(folder, 'link'))
    symlinkSync('d.txt', join(folder, 'j.yaml'))
    symlinkSync('nowhere', join(folder, 'k.yaml'))
    const found = findManifests([folder]).map((path) => path.slice(folder.length + 1))
    expect(found).toEqual(['.h/i.yaml', 'a.yml', 'b.yaml', 'c.json', 'j.yaml', 'sub/e.yaml'])
    // What is named is taken as it is, once.
    const named = [join(folder, 'd.txt'), join(folder, 'nowhere.yaml'), '-', join(folder, 'd.txt')]
    expect(findManifests(named)).toEqual(named.slice(0, 3))
  })
})

test('a git work tree is found from below, through links, and where .git is a file', () => {
  withTree(['repo/.git/HEAD', 'repo/a/b/x', 'linked/.git', 'plain/x'], (folder) => {
    const real = join(folder)
    expect(gitWorkTreeOf(join(folder, 'repo/a/b/seed'))).toBe(join(real, 'repo'))
    expect(gitWorkTreeOf(join(folder, 'linked/seed'))).toBe(join(real, 'linked'))
    expect(gitWorkTreeOf(join(folder, 'plain/seed'))).toBe(undefined)
    symlinkSync(join(folder, 'repo/a'), join(folder, 'plain/a'))
    expect(gitWorkTreeOf(join(folder, 'plain/a/seed'))).toBe(join(real, 'repo'))
  })
})
