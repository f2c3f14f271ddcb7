import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { NetworkError } from '../../../../shared/kube/errors.ts'
import type { KubeObject } from '../../../../shared/kube/port.ts'
import { reflect, type Source } from '../../../../shared/kube/reflector.ts'
import { listed } from '../../../support/listed.ts'

/** How it ends, and what it keeps while it runs. */

const never = (signal?: AbortSignal) =>
  new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
const many = (count: number): KubeObject[] =>
  Array.from({ length: count }, (_, index) => ({ metadata: { name: `n-${index}`, resourceVersion: '1' } }))

async function* silence({ signal }: { signal?: AbortSignal }) {
  yield await never(signal)
}

// biome-ignore lint/correctness/useYield: it fails before it tells anything
async function* refused(): AsyncGenerator<never> {
  throw new NetworkError('list', 'ECONNREFUSED')
}

test.each<[string, Partial<Source<KubeObject>>]>([
  ['listing', { list: silence }],
  ['watching', {}],
  ['waiting to try again', { list: refused }],
])('an abort ends it promptly and without an error while it is %s', async (_, part) => {
  const stop = new AbortController()
  const source: Source<KubeObject> = {
    list: () => listed([], '1'),
    watch: (_version, options) => silence(options),
    ...part,
  }
  const end = (async () => {
    for await (const { type } of reflect(source, { signal: stop.signal }))
      expect(['listing', 'synced']).toContain(type)
  })()
  await new Promise((resolve) => setTimeout(resolve, 30))
  const started = performance.now()
  stop.abort(new Error('shutdown'))
  await end
  expect(performance.now() - started).toBeLessThan(200)
})

test('an abort while the list is handed out ends it before the next object', async () => {
  const stop = new AbortController()
  const source = { list: () => listed(many(100), '1'), watch: vi.fn() }
  let seen = 0
  for await (const _ of reflect(source, { signal: stop.signal })) if (++seen === 4) stop.abort()
  // The first says that it lists.
  expect(seen).toBe(4)
  expect(source.watch).not.toHaveBeenCalled()
})

test('aborted before it began, it asks nothing', async () => {
  const source = { list: vi.fn(), watch: vi.fn() }
  for await (const _ of reflect(source, { signal: AbortSignal.abort() })) expect.unreachable()
  expect(source.list).not.toHaveBeenCalled()
})

test('leaving the loop ends the watch', async () => {
  let ended = false
  const source: Source<KubeObject> = {
    list: () => listed([], '1'),
    async *watch() {
      try {
        for (const object of many(10)) yield { type: 'ADDED', object }
      } finally {
        ended = true
      }
    },
  }
  for await (const change of reflect(source, { signal: new AbortController().signal })) {
    if (change.type === 'upsert') break
  }
  expect(ended).toBe(true)
})

test('while it watches it holds none of the objects it has handed out', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const stop = new AbortController()
  const refs: WeakRef<KubeObject>[] = []
  const source: Source<KubeObject> = {
    async *list() {
      for (const object of many(100)) {
        refs.push(new WeakRef(object))
        yield { type: 'ADDED', object }
      }
      yield { type: 'BOOKMARK', resourceVersion: '1', listed: true }
    },
    watch: (_version, options) => silence(options),
  }
  let handedOut = 0
  const end = (async () => {
    for await (const { type } of reflect(source, { signal: stop.signal })) {
      if (type === 'upsert') handedOut += 1
      await turn()
    }
  })()
  // Not between two collections: in a large heap each of them takes a second, and there are a hundred turns to take.
  await vi.waitFor(() => expect(handedOut).toBe(100), 5000)
  await vi.waitFor(() => {
    collectGarbage()
    expect(refs).toHaveLength(100)
    // Our own loop's frame may hold the last one.
    expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThanOrEqual(1)
  }, 5000)
  stop.abort()
  await end
})
