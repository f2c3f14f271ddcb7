import { ApiError } from '../../../shared/kube/errors.ts'
import type {
  Kube,
  KubeObject,
  MergePatch,
  ObjectId,
  Resource,
  Selection,
  WatchEvent,
} from '../../../shared/kube/port.ts'
import { listed } from '../../support/listed.ts'

type Stored = KubeObject & Record<string, unknown>

interface Call {
  verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete'
  resource: string
  name: string
  /** What was sent. */
  body?: unknown
}

/** As much of an API server as the controller's parts ask for, in memory, with a place to make it fail. */
export interface FakeKube extends Kube {
  calls: Call[]
  writes(): string[]
  /** Called before each request; what it throws is the answer. */
  before: (call: Call) => void | Promise<void>
  /** Behind everybody's back. */
  put(resource: Resource, object: KubeObject): Stored
  find<T extends KubeObject = Stored>(resource: Resource, id: ObjectId): T | undefined
}

export const apiError = (status: number, reason: string): ApiError =>
  new ApiError('asked', status, reason, { causes: [] })

export function createFakeKube(): FakeKube {
  const objects = new Map<string, Stored>()
  const watchers = new Set<(path: string, event: WatchEvent<Stored>) => void>()
  let version = 0
  let uids = 0

  const pathOf = ({ plural }: Resource, { namespace = '', name }: ObjectId) =>
    `${plural}/${namespace}/${name}`
  const copy = <T>(value: unknown): T => structuredClone(value) as T
  const history: { at: number; path: string; type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: Stored }[] = []
  const emit = (path: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', given: Stored) => {
    const object = copy<Stored>(given)
    history.push({ at: version, path, type, object })
    for (const watcher of watchers) watcher(path, { type, object: copy(object) })
  }

  function save(path: string, object: Stored): Stored {
    const old = objects.get(path)
    version += 1
    object.metadata.resourceVersion = String(version)
    objects.set(path, object)
    emit(path, old ? 'MODIFIED' : 'ADDED', object)
    return object
  }

  function put(resource: Resource, given: KubeObject): Stored {
    const path = pathOf(resource, given.metadata)
    const old = objects.get(path)
    const object = copy<Stored>(given)
    object.metadata.uid ??= old?.metadata.uid ?? `uid-${++uids}`
    const changed = JSON.stringify(old?.spec) !== JSON.stringify(object.spec)
    object.metadata.generation = (old?.metadata.generation ?? 0) + (changed || !old ? 1 : 0)
    return save(path, object)
  }

  /** What is stored there, if it is what the caller means. */
  function meant(path: string, { uid, resourceVersion }: Partial<KubeObject['metadata']> = {}): Stored {
    const stored = objects.get(path)
    if (!stored) throw apiError(404, 'NotFound')
    const { metadata } = stored
    const same =
      (uid ?? metadata.uid) === metadata.uid &&
      (resourceVersion ?? metadata.resourceVersion) === metadata.resourceVersion
    if (!same) throw apiError(409, 'Conflict')
    return stored
  }

  async function called(call: Call): Promise<void> {
    kube.calls.push(call)
    await kube.before(call)
  }

  const kube: FakeKube = {
    calls: [],
    before: () => undefined,
    put,
    writes: () =>
      kube.calls
        .filter(({ verb }) => verb !== 'get' && verb !== 'list')
        .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`),
    find: (resource, id) => {
      const found = objects.get(pathOf(resource, id))
      return found && copy(found)
    },
    async get(resource, id) {
      await called({ verb: 'get', resource: resource.plural, name: id.name })
      return copy(meant(pathOf(resource, id)))
    },
    async list(resource, selection = {}) {
      await called({ verb: 'list', resource: resource.plural, name: '' })
      const items = [...objects].filter(([path, object]) => selects(resource, selection, path, object))
      return { items: items.map(([, object]) => copy<never>(object)), resourceVersion: String(version) }
    },
    async *listing(resource, selection) {
      const { items, resourceVersion } = await kube.list<never>(resource, selection)
      yield* listed(items, resourceVersion)
    },
    async *watch(resource, selection, options = {}) {
      const events: WatchEvent<never>[] = []
      let wake: () => void = () => undefined
      const watcher = (path: string, event: WatchEvent<Stored>) => {
        if (event.type === 'BOOKMARK' || !selects(resource, selection, path, event.object)) return
        events.push(event as WatchEvent<never>)
        wake()
      }
      for (const { at, path, type, object } of history)
        if (at > Number(selection.resourceVersion)) watcher(path, { type, object: copy(object) })
      watchers.add(watcher)
      options.signal?.addEventListener('abort', () => wake())
      try {
        options.onOpen?.()
        while (!options.signal?.aborted) {
          for (let event = events.shift(); event; event = events.shift()) yield event
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        watchers.delete(watcher)
      }
    },
    async create(resource, object) {
      await called({ verb: 'create', resource: resource.plural, name: object.metadata.name, body: object })
      if (objects.has(pathOf(resource, object.metadata))) throw apiError(409, 'AlreadyExists')
      return copy(put(resource, object))
    },
    async mergePatch(resource, id, patch, options = {}) {
      const plural = options.subresource ? `${resource.plural}/${options.subresource}` : resource.plural
      await called({ verb: 'patch', resource: plural, name: id.name, body: patch })
      const path = pathOf(resource, id)
      const old = meant(path, patch.metadata as KubeObject['metadata'] | undefined)
      const next = merge(copy(old), options.subresource ? { status: patch.status } : patch) as Stored
      if (JSON.stringify(next) === JSON.stringify(old)) return copy(old)
      return copy(options.subresource ? save(path, next) : put(resource, next))
    },
    async replaceStatus(resource, { metadata, status }) {
      await called({
        verb: 'update',
        resource: `${resource.plural}/status`,
        name: metadata.name,
        body: status,
      })
      const path = pathOf(resource, metadata)
      const old = meant(path, metadata)
      if (JSON.stringify(old.status) === JSON.stringify(status)) return { metadata: copy(old.metadata) }
      return { metadata: copy<KubeObject>(save(path, { ...copy<Stored>(old), status })).metadata }
    },
    async delete(resource, id, preconditions) {
      await called({ verb: 'delete', resource: resource.plural, name: id.name })
      const path = pathOf(resource, id)
      const old = meant(path, preconditions)
      objects.delete(path)
      version += 1
      emit(path, 'DELETED', { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } })
    },
    apply: () => Promise.reject(new Error('not here')),
    raw: () => Promise.reject(new Error('not here')),
    post: () => Promise.reject(new Error('not here')),
    close: () => undefined,
  }
  return kube
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {}
  const result: MergePatch = { ...base }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (value !== undefined) result[key] = merge(result[key], value)
  }
  return result
}

function selects({ plural }: Resource, selection: Selection, path: string, object: Stored): boolean {
  if (!path.startsWith(`${plural}/${selection.namespace ?? ''}`)) return false
  const [, name] = (selection.fieldSelector ?? '').split('metadata.name=')
  if (name !== undefined && name !== object.metadata.name) return false
  const [label = '', value] = (selection.labelSelector ?? '').split('=')
  const actual = object.metadata.labels?.[label]
  return label === '' || (value === undefined ? actual !== undefined : actual === value)
}
