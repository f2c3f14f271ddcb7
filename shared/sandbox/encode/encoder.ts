import { groupVersion, type KubeObject } from '../objects.ts'
import type { Page } from '../reads/list.ts'
import type { ResourceType } from '../resources/types.ts'
import type { Format } from './negotiate.ts'
import { table } from './table.ts'

/** Objects as text, in the form that was asked for. A stored object never changes, so its text is made once. */
export interface Encoder {
  object(type: ResourceType, object: KubeObject): string
  list(type: ResourceType, page: Page): string
  /** One line of a watch. */
  event(type: ResourceType, event: string, object: KubeObject): string
  bookmark(type: ResourceType, resourceVersion: string, annotations?: Record<string, string>): string
}

const META = 'meta.k8s.io/v1'

interface Texts {
  whole?: string
  item?: string
  partial?: string
}
const texts = new WeakMap<ResourceType, WeakMap<KubeObject, Texts>>()

/** `headings`: whether a table still says its columns; a watch says them once. */
export function createEncoder(format: Format, now: Date, includeObject: string): Encoder {
  let headings = true

  function tableOf(type: ResourceType, objects: readonly KubeObject[], metadata: object): string {
    return table(type, objects, { metadata, now, headings, includeObject })
  }

  function text(type: ResourceType, object: KubeObject): string {
    if (format.as === 'table')
      return tableOf(type, [object], { resourceVersion: object.metadata.resourceVersion })
    return format.as === 'partial' ? partial(type, object) : whole(type, object)
  }

  return {
    object: text,
    list(type, { items, ...metadata }) {
      if (format.as === 'table') return tableOf(type, items, metadata)
      const partially = format.as === 'partial'
      const head = partially
        ? { kind: 'PartialObjectMetadataList', apiVersion: META, metadata }
        : { kind: `${type.kind}List`, apiVersion: groupVersion(type.group, type.version), metadata }
      const bodies = items.map((object) => (partially ? partial(type, object) : item(type, object)))
      return `${JSON.stringify(head).slice(0, -1)},"items":[${bodies.join(',')}]}`
    },
    event(type, event, object) {
      const line = `{"type":"${event}","object":${text(type, object)}}\n`
      headings = false
      return line
    },
    bookmark(type, resourceVersion, annotations) {
      const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) }
      const kind = { kind: type.kind, apiVersion: groupVersion(type.group, type.version) }
      const partially = { kind: 'PartialObjectMetadata', apiVersion: META }
      const object =
        format.as === 'table'
          ? JSON.parse(tableOf(type, [], { resourceVersion }))
          : { ...(format.as === 'partial' ? partially : kind), metadata }
      return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`
    },
  }
}

function textsOf(type: ResourceType, object: KubeObject): Texts {
  const ofType = texts.get(type) ?? new WeakMap<KubeObject, Texts>()
  texts.set(type, ofType)
  const found = ofType.get(object) ?? {}
  ofType.set(object, found)
  return found
}

function shown(type: ResourceType, object: KubeObject): KubeObject {
  return type.view?.fromStored(object) ?? object
}

function whole(type: ResourceType, object: KubeObject): string {
  const kept = textsOf(type, object)
  kept.whole ??= JSON.stringify(shown(type, object))
  return kept.whole
}

/** Items of a list of built-in objects do not repeat their kind. */
function item(type: ResourceType, object: KubeObject): string {
  if (type.schema !== undefined) return whole(type, object)
  const kept = textsOf(type, object)
  const { apiVersion: _, kind: __, ...rest } = shown(type, object)
  kept.item ??= JSON.stringify(rest)
  return kept.item
}

function partial(type: ResourceType, object: KubeObject): string {
  const kept = textsOf(type, object)
  kept.partial ??= JSON.stringify({
    kind: 'PartialObjectMetadata',
    apiVersion: META,
    metadata: object.metadata,
  })
  return kept.partial
}
