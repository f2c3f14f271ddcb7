import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuditLogError, type FileSystem, openAuditFile } from '../../../../controller/audit/file.ts'

let dir: string
let path: string

beforeEach(() => {
  dir = fs.mkdtempSync(join(tmpdir(), 'waxwing-audit-'))
  path = join(dir, 'audit.log')
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const text = (name = 'audit.log') => fs.readFileSync(join(dir, name), 'utf8')

/** The real file system with room for so many bytes more, as a full disk has it: what fits is written. */
function disk(room = Number.POSITIVE_INFINITY): FileSystem & { room: number; broken: Map<string, string> } {
  const fail = (code: string) => {
    throw Object.assign(new Error(code), { code })
  }
  const small = {
    ...fs,
    room,
    broken: new Map<string, string>(),
    openSync(...args: Parameters<typeof fs.openSync>) {
      const code = small.broken.get('open')
      return code ? fail(code) : fs.openSync(...args)
    },
    writeSync(fd: number, bytes: Buffer, from = 0) {
      if (small.room <= 0) fail('ENOSPC')
      const written = fs.writeSync(fd, bytes, from, Math.min(bytes.length - from, small.room))
      small.room -= written
      return written
    },
  }
  return small as unknown as ReturnType<typeof disk>
}

describe('a file', () => {
  test('is appended to, for its owner alone', () => {
    openAuditFile(path).write(['one\n'])
    expect(openAuditFile(path).write(['two\n', 'three\n'])).toEqual({ taken: 2 })
    expect(text()).toBe('one\ntwo\nthree\n')
    expect(fs.statSync(path).mode & 0o777).toBe(0o600)
  })

  test('gets whole lines in one call', () => {
    const calls: number[] = []
    const counting = {
      ...fs,
      writeSync: (...args: [number, Buffer, number]) => calls.push(1) && fs.writeSync(...args),
    }
    openAuditFile(path, counting as unknown as FileSystem).write(['one\n', 'two\n'])
    expect(calls).toHaveLength(1)
  })

  test.each([
    ['in a folder that is not there', () => join(dir, 'none/audit.log'), 'ENOENT'],
    ['that is a folder', () => dir, 'not a regular file'],
    ['that is a device', () => '/dev/null', 'not a regular file'],
  ])('%s is refused', (_what, where, why) => {
    expect(() => openAuditFile(where())).toThrow(AuditLogError)
    expect(() => openAuditFile(where())).toThrow(why)
  })

  test('that ends in the middle of a line gets the next one apart', () => {
    fs.writeFileSync(path, '{"torn":')
    const file = openAuditFile(path)
    file.write(['one\n'])
    file.write(['two\n'])
    expect(text()).toBe('{"torn":\none\ntwo\n')
  })
})

describe('rotation', () => {
  test('by rename: the next line is in a new file, and none in both', () => {
    const file = openAuditFile(path)
    for (let i = 0; i < 100; i++) {
      if (i % 10 === 9) fs.renameSync(path, join(dir, `audit.log.${i}`))
      file.write([`${i}\n`])
    }
    const names = fs.readdirSync(dir)
    expect(names).toHaveLength(11)
    const all = names.flatMap((name) => text(name).trim().split('\n').map(Number))
    expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(fs.statSync(path).mode & 0o777).toBe(0o600)
  })

  test('with a new file already there, as logrotate makes it', () => {
    const file = openAuditFile(path)
    file.write(['one\n'])
    fs.renameSync(path, `${path}.1`)
    fs.writeFileSync(path, '', { mode: 0o640 })
    file.write(['two\n'])
    expect([text('audit.log.1'), text()]).toEqual(['one\n', 'two\n'])
  })

  test('by deletion, and by truncation', () => {
    const file = openAuditFile(path)
    file.write(['one\n'])
    fs.rmSync(path)
    file.write(['two\n'])
    expect(text()).toBe('two\n')
    fs.truncateSync(path)
    file.write(['three\n'])
    expect(text()).toBe('three\n')
  })

  test('where no new file can be opened the old one goes on, and the reason is told', () => {
    const small = disk()
    const file = openAuditFile(path, small)
    fs.renameSync(path, `${path}.1`)
    small.broken.set('open', 'EACCES')
    const { taken, problem } = file.write(['one\n'])
    expect([taken, problem?.message]).toEqual([1, `${path} cannot be opened: EACCES`])
    small.broken.clear()
    expect(file.write(['two\n'])).toEqual({ taken: 1 })
    expect([text('audit.log.1'), text()]).toEqual(['one\n', 'two\n'])
  })
})

describe('a full disk', () => {
  test('takes what fits: lines that are there are taken, the others may be tried again', () => {
    const small = disk(8)
    const file = openAuditFile(path, small)
    const { taken, problem } = file.write(['one\n', 'two\n', 'three\n'])
    expect([taken, problem?.message]).toEqual([2, `${path} cannot be written: ENOSPC`])
    small.room = 100
    expect(file.write(['three\n'])).toEqual({ taken: 1 })
    expect(text()).toBe('one\ntwo\nthree\n')
  })

  test.each([1, 2, 3, 5, 6, 7, 9])(
    'that cuts a line after %i bytes gets its rest first, however slowly',
    (room) => {
      const small = disk(room)
      const file = openAuditFile(path, small)
      let waiting = ['one\n', 'second\n']
      for (let i = 0; i < 20; i++) {
        waiting = waiting.slice(file.write(waiting).taken)
        small.room += 1
      }
      file.write(['third\n'])
      expect(text()).toBe('one\nsecond\nthird\n')
    },
  )

  test('a line that was cut off stands whole in the next file', () => {
    const small = disk(6)
    const file = openAuditFile(path, small)
    expect(file.write(['one\n', 'two\n'])).toMatchObject({ taken: 2 })
    fs.renameSync(path, `${path}.1`)
    small.room = 100
    expect(file.write(['three\n'])).toEqual({ taken: 1 })
    expect([text('audit.log.1'), text()]).toEqual(['one\ntw', 'two\nthree\n'])
  })
})
