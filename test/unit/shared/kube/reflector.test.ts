import { describe, expect, test } from 'vitest'
import { NetworkError } from '../../../../shared/kube/errors.ts'
import type { KubeObject, WatchEvent } from '../../../../shared/kube/port.ts'
import {
  type Change,
  type ReflectorOptions,
  reflect,
  type Source,
} from '../../../../shared/kube/reflector.ts'
import { toApiError } from '../../../../shared/kube/status.ts'
import { listed } from '../../../support/listed.ts'

/** What one call of list or watch does: gives these things in turn, or fails. A list without `at` is cut off. */
type ListStep = { items: KubeObject[]; at?: string } | Error
type WatchStep = (WatchEvent<KubeObject> | Error)[]

const object = (name: string, resourceVersion: string): KubeObject => ({
  metadata: { namespace: 'team', name, resourceVersion },
})
const set = (name: string, version: string) => ({ type: 'MODIFIED' as const, object: object(name, version) })
const gone = (name: string, version: string) => ({ type: 'DELETED' as const, object: object(name, version) })
const mark = (resourceVersion: string) => ({ type: 'BOOKMARK' as const, resourceVersion })
const reset = new NetworkError('watch', 'ECONNRESET')
const expired = toApiError('watch', 410, { reason: 'Expired' })

/** Runs the scripts to their end, then aborts. A watch that is not the last ends as its script says; then more is asked. */
async function run(lists: ListStep[], watches: WatchStep[], options: Partial<ReflectorOptions> = {}) {
  const stop = new AbortController()
  const log: string[] = []
  const waits: number[] = []
  const source: Source<KubeObject> = {
    async *list() {
      const step = lists.shift()
      if (step === undefined) throw new Error('one list too many')
      log.push(step instanceof Error ? 'list fails' : `list ${step.at ?? 'in part'}`)
      if (step instanceof Error) throw step
      for await (const event of listed(step.items, step.at ?? '')) {
        if (step.at === undefined && event.type === 'BOOKMARK') throw reset
        yield event
      }
    },
    async *watch(resourceVersion, { onOpen }) {
      log.push(`watch ${resourceVersion}`)
      const steps = watches.shift()
      if (steps === undefined) return stop.abort()
      if (!(steps[0] instanceof Error)) onOpen?.()
      for (const step of steps) {
        if (step instanceof Error) throw step
        yield step
      }
    },
  }
  const changes = reflect(source, {
    signal: stop.signal,
    onState: (state, error) => log.push(error === undefined ? state : `${state} ${shortly(error)}`),
    random: () => 1,
    sleep: async (ms, signal) => {
      if (!signal.aborted) waits.push(ms)
    },
    now: () => 0,
    ...options,
  })
  for await (const change of changes) if (change.type !== 'listing') log.push(show(change))
  return { log, waits, left: [...lists, ...watches] }
}

function show(change: Change<KubeObject>): string {
  if (change.type === 'synced' || change.type === 'listing') return change.type
  if (change.type === 'delete') return `- ${change.id.name}`
  return `+ ${change.object.metadata.name} ${change.object.metadata.resourceVersion}`
}

function shortly(error: unknown): string {
  return String(error).replace(/^.*: /, '')
}

const nothing: ListStep = { items: [], at: '1' }

describe('what it hands out', () => {
  test('the list, synced, then the events of the watch from there', async () => {
    const { log } = await run(
      [{ items: [object('a', '3'), object('b', '4')], at: '5' }],
      [[set('a', '6'), set('c', '7'), gone('b', '8')]],
    )
    expect(log).toEqual([
      'list 5',
      '+ a 3',
      '+ b 4',
      'synced',
      'watch 5',
      'connected',
      '+ a 6',
      '+ c 7',
      '- b',
      'watch 8',
    ])
  })

  test('after a reset it goes on at the last version, bookmarks included', async () => {
    const { log } = await run([nothing], [[set('a', '6'), reset], [mark('9'), reset], []])
    expect(log).toEqual([
      'list 1',
      'synced',
      'watch 1',
      'connected',
      '+ a 6',
      'disconnected ECONNRESET',
      'watch 6',
      'connected',
      'disconnected ECONNRESET',
      'watch 9',
      'connected',
      'watch 9',
    ])
  })

  test('a relist gives what was missed: new, changed and deleted, and not what is known', async () => {
    const { log } = await run(
      [
        { items: [object('same', '1'), object('changed', '2'), object('gone', '3')], at: '5' },
        { items: [object('same', '1'), object('changed', '7'), object('new', '8')], at: '9' },
      ],
      [[set('brief', '6'), expired], []],
    )
    expect(log.slice(log.indexOf('list 9'))).toEqual([
      'list 9',
      '+ changed 7',
      '+ new 8',
      '- gone',
      '- brief',
      'synced',
      'watch 9',
      'connected',
      'watch 9',
    ])
  })

  test('what is listed as it comes, and what was told before a list was cut off not again', async () => {
    const a = { items: [object('a', '1'), object('b', '2')], at: '5' }
    const cut = { items: [object('b', '7'), object('c', '8')] }
    const whole = { items: [object('b', '7'), object('c', '9')], at: '9' }
    const { log } = await run([a, cut, whole], [[expired], []])
    expect(log.slice(log.indexOf('list in part'))).toEqual([
      'list in part',
      '+ b 7',
      '+ c 8',
      'disconnected ECONNRESET',
      'list 9',
      '+ c 9',
      '- a',
      'synced',
      'watch 9',
      'connected',
      'watch 9',
    ])
  })

  test('what happens while it lists', async () => {
    const stop = new AbortController()
    const source: Source<KubeObject> = {
      async *list() {
        yield set('a', '1')
        yield set('b', '2')
        yield mark('3')
        yield gone('a', '4')
        yield set('b', '5')
        yield { ...mark('6'), listed: true }
      },
      async *watch(resourceVersion) {
        yield mark(resourceVersion)
        stop.abort()
      },
    }
    const log: string[] = []
    for await (const change of reflect(source, { signal: stop.signal })) log.push(show(change))
    expect(log).toEqual(['listing', '+ a 1', '+ b 2', '- a', '+ b 5', 'synced'])
  })

  test('nothing twice, when a server repeats itself', async () => {
    const { log } = await run(
      [{ items: [object('a', '3')], at: '3' }],
      [[set('a', '3'), set('b', '4'), set('b', '4'), gone('b', '5'), gone('b', '5'), gone('never', '6')]],
    )
    expect(log.filter((line) => /^[+-]/.test(line))).toEqual(['+ a 3', '+ b 4', '- b'])
  })

  test('ids of cluster-scoped objects have no namespace', async () => {
    const key = { metadata: { name: 'k', resourceVersion: '1' } }
    const stop = new AbortController()
    let lists = 0
    const source: Source<KubeObject> = {
      list: () => listed(lists++ === 0 ? [key] : [], '1'),
      async *watch() {
        yield mark('2')
        throw expired
      },
    }
    const ids = []
    for await (const change of reflect(source, { signal: stop.signal, sleep: async () => undefined })) {
      if (change.type !== 'delete') continue
      ids.push(change.id)
      stop.abort()
    }
    expect(ids).toEqual([{ name: 'k' }])
  })
})

describe('what makes it list again', () => {
  const future = toApiError('watch', 504, {
    reason: 'Timeout',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  })
  test.each([
    ['410', expired],
    ['a version from the future', future],
    ['403', toApiError('watch', 403, {})],
    ['an event that cannot be read', new NetworkError('watch', 'EBADBODY')],
    ['a bug', new TypeError('bug')],
  ])('%s', async (_, error) => {
    const { left, log } = await run([nothing, { items: [], at: '2' }], [[error]])
    expect(left).toEqual([])
    expect(log.at(-1)).toBe('watch 2')
  })

  test.each([
    ['a reset', reset],
    ['silence', new NetworkError('watch', 'EIDLE')],
    ['429', toApiError('watch', 429, {})],
    ['500', toApiError('watch', 500, {})],
    ['504', toApiError('watch', 504, { reason: 'Timeout' })],
  ])('not %s', async (_, error) => {
    const { log } = await run([nothing], [[error]])
    expect(log.at(-1)).toBe('watch 1')
  })

  test('a list that fails, for as long as it does', async () => {
    const { log, waits } = await run([expired, reset, toApiError('list', 403, {}), nothing], [])
    expect(log.filter((line) => line.startsWith('list'))).toEqual([
      'list fails',
      'list fails',
      'list fails',
      'list 1',
    ])
    expect(waits).toEqual([800, 1600, 3200])
  })
})

describe('how long it waits', () => {
  test('longer each time, until an object comes', async () => {
    const { waits } = await run([nothing], [[reset], [reset], [reset], [set('a', '2'), reset], [reset]])
    expect(waits).toEqual([800, 1600, 3200, 800, 1600])
  })

  test('also after an end without error, if the watch was short: such a server must not make it run hot', async () => {
    const { waits } = await run([nothing], [[], [mark('2')], [mark('3')]])
    expect(waits).toEqual([800, 1600, 3200])
  })

  test('not at all after a watch that lived', async () => {
    let clock = 0
    const { waits } = await run([nothing], [[], [], [reset], [reset]], { now: () => (clock += 300_000) })
    expect(waits).toEqual([800, 800])
  })

  test('not at all before it lists again, when it was away for too long', async () => {
    const { log, waits } = await run(
      [nothing, { items: [], at: '20' }],
      [[reset], [toApiError('watch', 503, {})], [expired], [reset]],
    )
    expect(waits).toEqual([800, 1600, 3200])
    expect(log.slice(log.indexOf('disconnected 410 Expired'))).toEqual([
      'disconnected 410 Expired',
      'list 20',
      'synced',
      'watch 20',
      'disconnected ECONNRESET',
      'watch 20',
    ])
  })

  test('longer each time, if what was just listed is too old: such a server must not make it run hot', async () => {
    const { waits } = await run(
      [nothing, { items: [], at: '2' }, expired, { items: [], at: '3' }],
      [[expired], [expired], [reset]],
    )
    expect(waits).toEqual([800, 1600, 3200, 6400])
  })

  test('as long as the server asks for', async () => {
    const { waits } = await run([nothing], [[toApiError('watch', 429, {}, '5')]])
    expect(waits).toEqual([5000])
  })

  test('a random part of it, but never nothing', async () => {
    expect((await run([nothing], [[reset]], { random: () => 0.5 })).waits).toEqual([400])
    expect((await run([nothing], [[reset]], { random: () => 0 })).waits).toEqual([20])
  })
})

test('state: connected once, disconnected with each failed attempt', async () => {
  const { log } = await run([nothing], [[mark('2')], [reset], [reset], [mark('3')]])
  expect(log.filter((line) => line.includes('connected'))).toEqual([
    'connected',
    'disconnected ECONNRESET',
    'disconnected ECONNRESET',
    'connected',
  ])
})
