import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect } from '../../../../shared/kube/client.ts'
import type { KubeObject } from '../../../../shared/kube/port.ts'
import { reflect, sourceOf } from '../../../../shared/kube/reflector.ts'
import { SECRETS } from '../../../../shared/kube/resources.ts'
import { type Handler, object, sendJson, sendStatus, serve } from './server.ts'

/** A server whose watches die on schedule, and the claim that whoever follows it still sees everything once. */

interface Store {
  handler: Handler
  put(name: string): void
  remove(name: string): void
  /** Cuts every open watch, in the middle of an event if `inside`. */
  cut(inside: boolean): void
  /** Forgets the history: a watch from before now gets 410. */
  compact(): void
  state(): Record<string, string>
}

function createStore(): Store {
  const current = new Map<string, string>()
  const history: { version: number; line: string }[] = []
  const watchers = new Set<ServerResponse>()
  let version = 1
  let oldest = 0

  function happened(type: string, name: string): void {
    const line = `${JSON.stringify({ type, object: object(name, `${version}`) })}\n`
    history.push({ version, line })
    for (const watcher of watchers) watcher.write(line)
  }

  return {
    handler({ url }, response) {
      if (!url.searchParams.has('watch')) {
        const items = [...current].map(([name, at]) => object(name, at))
        return sendJson(response, { items, metadata: { resourceVersion: `${version}` } })
      }
      const from = Number(url.searchParams.get('resourceVersion'))
      if (from < oldest) return sendStatus(response, 410, 'Expired')
      response.flushHeaders()
      for (const event of history) if (event.version > from) response.write(event.line)
      watchers.add(response)
      response.on('close', () => watchers.delete(response))
    },
    put(name) {
      const known = current.has(name)
      current.set(name, `${++version}`)
      happened(known ? 'MODIFIED' : 'ADDED', name)
    },
    remove(name) {
      if (!current.delete(name)) return
      version++
      happened('DELETED', name)
    },
    cut(inside) {
      for (const watcher of watchers) {
        watchers.delete(watcher)
        if (inside) watcher.write('{"type":"ADDED","obj', () => watcher.destroy())
        else watcher.destroy()
      }
    },
    compact() {
      history.length = 0
      oldest = ++version
    },
    state: () => Object.fromEntries(current),
  }
}

const name = fc.constantFrom('a', 'b', 'c', 'd')
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), inside: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pause' as const) }) },
)

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

test('whatever is cut and whenever, the end is the same and nothing comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const store = createStore()
      const server = await serve(store.handler)
      const kube = connect(server.connection, { userAgent: 'test' })
      const stop = new AbortController()
      const seen: Record<string, string> = {}
      const versions: string[] = []
      const following = (async () => {
        const source = sourceOf<KubeObject>(kube, SECRETS, {})
        for await (const change of reflect(source, { signal: stop.signal, sleep: () => pause(1) })) {
          if (change.type === 'delete') delete seen[change.id.name]
          if (change.type !== 'upsert') continue
          const { name, resourceVersion = '' } = change.object.metadata
          versions.push(resourceVersion)
          seen[name] = resourceVersion
        }
      })()
      for (const action of steps) {
        if (action.do === 'put') store.put(action.name)
        else if (action.do === 'remove') store.remove(action.name)
        else if (action.do === 'cut') store.cut(action.inside)
        else if (action.do === 'compact') store.compact()
        else await pause(3)
      }
      const deadline = Date.now() + 5000
      while (
        JSON.stringify(sorted(seen)) !== JSON.stringify(sorted(store.state())) &&
        Date.now() < deadline
      ) {
        await pause(2)
      }
      stop.abort()
      await following
      kube.close()
      await server.close()
      expect(seen).toEqual(store.state())
      expect(new Set(versions).size).toBe(versions.length)
    }),
    { numRuns: 40 },
  )
})

function sorted(record: Record<string, string>) {
  return Object.entries(record).sort(([a], [b]) => a.localeCompare(b))
}
