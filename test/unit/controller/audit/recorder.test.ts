import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Entry } from '../../../../controller/audit/entry.ts'
import { createRecorder } from '../../../../controller/audit/recorder.ts'
import { auditLines } from '../../../support/audit-lines.ts'
import { memoryLog } from '../world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const ENTRY: Entry = { type: 'key', action: 'load', result: 'done', key: { secret: 'waxwing-key-1' } }

/** A recorder over a disk with room for so many lines. */
function recording(room = Number.POSITIVE_INFINITY) {
  const log = memoryLog()
  const world = {
    room,
    lines: [] as string[],
    calls: 0,
    written: 0,
    lost: 0,
    log,
    problem: undefined as Error | undefined,
  }
  const recorder = createRecorder({
    writer: {
      write(lines) {
        world.calls += 1
        const taken = Math.min(lines.length, world.room)
        world.room -= taken
        world.lines.push(...lines.slice(0, taken))
        const problem = taken < lines.length ? new Error('ENOSPC') : world.problem
        return { taken, ...(problem && { problem }) }
      },
    },
    instance: 'pod_1',
    now: () => Date.parse('2026-11-24T08:00:00.5Z'),
    log,
    counted: (result, lines) => {
      world[result] += lines
    },
  })
  return { ...recorder, world, read: () => auditLines(world.lines.join('')) }
}

describe('lines', () => {
  test('bear time, instance and number, and begin alike', () => {
    const { record, world } = recording()
    record(ENTRY)
    vi.runAllTimers()
    expect(world.lines).toEqual([
      '{"apiVersion":"audit.waxwing.dev/v1","kind":"AuditEvent","time":"2026-11-24T08:00:00.500Z","instance":"pod_1","seq":1,"type":"key","action":"load","result":"done","key":{"secret":"waxwing-key-1"}}\n',
    ])
  })

  test('of one turn are written together, and in their order', () => {
    const { record, world, read } = recording()
    for (let i = 0; i < 50; i++) record(ENTRY)
    expect(world.calls).toBe(0)
    vi.runAllTimers()
    expect([world.calls, world.written, world.lost]).toEqual([1, 50, 0])
    expect(read().map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    expect(vi.getTimerCount()).toBe(0)
  })

  test('however many of one turn are all written', () => {
    const { record, world } = recording()
    for (let i = 0; i < 5_000; i++) record(ENTRY)
    vi.runAllTimers()
    expect([world.written, world.lost]).toEqual([5_000, 0])
  })
})

describe('a disk that takes nothing', () => {
  test('holds a thousand lines, counts the others, and says so once; the count stands where they are missing', () => {
    const { record, world, read } = recording(0)
    record(ENTRY)
    vi.advanceTimersByTime(3_000)
    for (let i = 0; i < 1_199; i++) record(ENTRY)
    vi.advanceTimersByTime(10_000)
    expect(world.log.lines.map(({ level }) => level)).toEqual(['error'])
    expect(world.log.lines[0]?.fields).toEqual({ why: 'ENOSPC' })
    expect(world.calls).toBeLessThan(20)
    world.room = Number.POSITIVE_INFINITY
    vi.advanceTimersByTime(1_001)
    record(ENTRY)
    vi.runAllTimers()
    const lines = read()
    expect(lines.slice(0, 1_000).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => i + 1),
    )
    expect(lines.slice(1_000)).toMatchObject([
      { seq: 1_201, type: 'audit', action: 'lost', count: 200 },
      { seq: 1_202, type: 'key' },
    ])
    expect([world.written, world.lost]).toEqual([1_002, 200])
    expect(world.log.lines.map(({ level }) => level)).toEqual(['error', 'info'])
  })

  test('is asked again though no line waits: it may have a part of one', () => {
    const { record, world } = recording()
    world.problem = new Error('ENOSPC')
    record(ENTRY)
    vi.advanceTimersByTime(1_500)
    expect(world.calls).toBe(2)
    // New ones do not wait for that.
    record(ENTRY)
    vi.advanceTimersByTime(0)
    expect(world.written).toBe(2)
    world.problem = undefined
    vi.runAllTimers()
    expect(world.log.lines.map(({ level }) => level)).toEqual(['error', 'info'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('at the end is told of, with the number of lines', () => {
    const { record, close, world } = recording(1)
    for (let i = 0; i < 4; i++) record(ENTRY)
    close()
    expect(world.log.lines.map(({ fields }) => fields)).toEqual([{ why: 'ENOSPC' }, { lines: 3 }])
    expect([world.written, world.lost]).toEqual([1, 3])
    close()
    expect(world.lost).toBe(3)
  })
})

test('the end writes what waits', () => {
  const { record, close, world } = recording()
  record(ENTRY)
  close()
  expect(world.written).toBe(1)
})
