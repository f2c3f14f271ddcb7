import fs, {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writeFiles, writeNewPrivate } from '../../../cli/io/write.ts'
import '../../support/throw-with-code.ts'

let folder: string
const at = (name: string) => join(folder, name)
const mode = (name: string) => (statSync(at(name)).mode & 0o777).toString(8)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waxwing-write-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a new file, and one in the place of another that keeps its mode', async () => {
  writeFileSync(at('old'), 'before')
  chmodSync(at('old'), 0o640)
  await writeFiles([
    { path: at('new'), text: 'a' },
    { path: at('old'), text: 'ü'.repeat(100_000) },
  ])
  expect(readFileSync(at('new'), 'utf8')).toBe('a')
  expect(readFileSync(at('old'), 'utf8')).toBe('ü'.repeat(100_000))
  expect(mode('old')).toBe('640')
  expect(readdirSync(folder).sort()).toEqual(['new', 'old'])
})

test('when one of several cannot be written, none is, and nothing is left behind', async () => {
  writeFileSync(at('old'), 'before')
  const files = [
    { path: at('old'), text: 'after' },
    { path: at('nowhere/new'), text: 'after' },
  ]
  await expect(writeFiles(files)).rejects.toMatchObject({ code: 'file-write' })
  expect(readFileSync(at('old'), 'utf8')).toBe('before')
  expect(readdirSync(folder)).toEqual(['old'])
})

test('a link stays one, and its target is written', async () => {
  writeFileSync(at('real'), 'before')
  symlinkSync('real', at('link'))
  await writeFiles([{ path: at('link'), text: 'after' }])
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(at('real'), 'utf8')).toBe('after')
})

test('more files than are open at a time: all of them, or none when the last cannot be written', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `f${String(i).padStart(3, '0')}`)
  await writeFiles(names.map((name) => ({ path: at(name), text: name })))
  expect(readdirSync(folder).sort()).toEqual(names)
  for (const name of names) expect(readFileSync(at(name), 'utf8')).toBe(name)

  const files = [...names, 'nowhere/new'].map((name) => ({ path: at(name), text: 'after' }))
  await expect(writeFiles(files)).rejects.toMatchObject({ code: 'file-write' })
  expect(readdirSync(folder).sort()).toEqual(names)
  for (const name of names) expect(readFileSync(at(name), 'utf8')).toBe(name)
})

test('what cannot be brought to the disk is not written, and the others neither', async () => {
  writeFileSync(at('a'), 'before')
  vi.spyOn(fs, 'fsync').mockImplementationOnce((_file, done) =>
    done(Object.assign(new Error(), { code: 'ENOSPC' })),
  )
  syncBuiltinESMExports()
  try {
    const files = ['a', 'b', 'c'].map((name) => ({ path: at(name), text: 'after' }))
    await expect(writeFiles(files)).rejects.toMatchObject({
      code: 'file-write',
      message: 'cannot be written: no space left',
      where: { file: at('a') },
    })
  } finally {
    vi.restoreAllMocks()
    syncBuiltinESMExports()
  }
  expect(readFileSync(at('a'), 'utf8')).toBe('before')
  expect(readdirSync(folder)).toEqual(['a'])
})

test('who ends the process while the disk is waited for leaves nothing behind', async () => {
  const writing = writeFiles(['a', 'b'].map((name) => ({ path: at(name), text: name })))
  expect(readdirSync(folder)).toHaveLength(2)
  for (const listener of process.listeners('exit').slice(-1)) listener(130)
  expect(readdirSync(folder)).toEqual([])
  await expect(writing).rejects.toMatchObject({ code: 'file-write' })
})

test('a folder is not written over', async () => {
  await expect(writeFiles([{ path: folder, text: '' }])).rejects.toMatchObject({ code: 'file-write' })
})

test('a private file: readable by its owner alone, and never over another', () => {
  const umask = process.umask(0)
  try {
    writeNewPrivate(at('seed'), 'secret')
  } finally {
    process.umask(umask)
  }
  expect(mode('seed')).toBe('600')
  expect(() => writeNewPrivate(at('seed'), 'other')).toThrowWithCode('file-exists')
  expect(readFileSync(at('seed'), 'utf8')).toBe('secret')
  symlinkSync('elsewhere', at('dangling'))
  expect(() => writeNewPrivate(at('dangling'), 'x')).toThrowWithCode('file-exists')
})
