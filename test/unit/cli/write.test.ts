import {
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
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFiles, writeNewPrivate } from '../../../cli/io/write.ts'
import '../../support/throw-with-code.ts'

let folder: string
const at = (name: string) => join(folder, name)
const mode = (name: string) => (statSync(at(name)).mode & 0o777).toString(8)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waxwing-write-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a new file, and one in the place of another that keeps its mode', () => {
  writeFileSync(at('old'), 'before')
  chmodSync(at('old'), 0o640)
  writeFiles([
    { path: at('new'), text: 'a' },
    { path: at('old'), text: 'ü'.repeat(100_000) },
  ])
  expect(readFileSync(at('new'), 'utf8')).toBe('a')
  expect(readFileSync(at('old'), 'utf8')).toBe('ü'.repeat(100_000))
  expect(mode('old')).toBe('640')
  expect(readdirSync(folder).sort()).toEqual(['new', 'old'])
})

test('when one of several cannot be written, none is, and nothing is left behind', () => {
  writeFileSync(at('old'), 'before')
  const files = [
    { path: at('old'), text: 'after' },
    { path: at('nowhere/new'), text: 'after' },
  ]
  expect(() => writeFiles(files)).toThrowWithCode('file-write')
  expect(readFileSync(at('old'), 'utf8')).toBe('before')
  expect(readdirSync(folder)).toEqual(['old'])
})

test('a link stays one, and its target is written', () => {
  writeFileSync(at('real'), 'before')
  symlinkSync('real', at('link'))
  writeFiles([{ path: at('link'), text: 'after' }])
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  expect(readFileSync(at('real'), 'utf8')).toBe('after')
})

test('a folder is not written over', () => {
  expect(() => writeFiles([{ path: folder, text: '' }])).toThrowWithCode('file-write')
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
