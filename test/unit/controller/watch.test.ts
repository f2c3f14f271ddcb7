import { expect, test } from 'vitest'
import { createPulse } from '../../../controller/pulse.ts'
import { renewed, watchKeys } from '../../../controller/watch.ts'
import { ApiError, NetworkError } from '../../../shared/kube/errors.ts'
import type { Kube, KubeObject } from '../../../shared/kube/port.ts'
import { reflect, type Source } from '../../../shared/kube/reflector.ts'
import { listed } from '../../support/listed.ts'
import { until } from '../../support/programs.ts'

/** Watches that stay silent until their signal ends them. */
function silentSource() {
  const watches: string[] = []
  const source: Source<KubeObject> = {
    list: () => listed([], '7'),
    async *watch(resourceVersion, { signal, onOpen }) {
      watches.push(resourceVersion)
      onOpen?.()
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
      )
    },
  }
  return { source, watches }
}

test('when the server answers again, or watches are broken, they are taken up anew where they were, without a list or a fault', async () => {
  const pulse = createPulse(
    () => 0,
    () => performance.now(),
  )
  const end = new AbortController()
  const { source, watches } = silentSource()
  const told: string[] = []
  const changes = reflect(renewed(source, pulse), {
    signal: end.signal,
    random: () => 0,
    onState: (state) => told.push(state),
  })
  const seen: string[] = []
  const reading = (async () => {
    for await (const { type } of changes) seen.push(type)
  })()
  await until('the first watch', async () => watches.length === 1)
  pulse.beat(true)
  pulse.beat(false)
  expect(watches).toEqual(['7'])
  pulse.beat(true)
  await until('the second watch', async () => watches.length === 2)
  pulse.watchesBroke()
  await until('the third watch', async () => watches.length === 3)
  expect({ watches, seen, told }).toEqual({
    watches: ['7', '7', '7'],
    seen: ['listing', 'synced'],
    told: ['connected'],
  })
  end.abort()
  await reading
  pulse.beat(false)
  pulse.beat(true)
  pulse.watchesBroke()
  expect(watches).toHaveLength(3)
})

test.each([
  ['a watch without an answer', new NetworkError('watch', 'ECONNREFUSED'), 1],
  ['a server that is starting', new ApiError('watch', 503, 'ServiceUnavailable', { causes: [] }), 1],
  ['a refusal', new ApiError('watch', 403, 'Forbidden', { causes: [] }), 0],
])('%s : looks that it asks for', async (_, error, expected) => {
  const end = new AbortController()
  let doubts = 0
  const kube = {
    listing: () => listed([], '7'),
    watch() {
      throw error
    },
  } as Pick<Kube, 'listing' | 'watch'> as Kube
  const changes = watchKeys(
    {
      kube,
      disconnected: () => undefined,
      rewatched: () => undefined,
      random: () => 0,
      pulse: {
        rest: async () => end.abort(),
        renewal: () => () => undefined,
        hasten() {
          doubts += 1
        },
      },
      signal: end.signal,
    },
    'waxwing-system',
  )
  const seen: string[] = []
  for await (const { type } of changes) seen.push(type)
  expect(seen).toEqual(['listing', 'synced'])
  expect(doubts).toBe(expected)
})
