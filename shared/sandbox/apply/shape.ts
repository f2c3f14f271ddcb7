/**
 * How values merge: which lists are maps in disguise, and which maps are one value. Server-side apply, managed fields
 * and strategic merge all ask here. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export interface Shape {
  list: ListShape
  /** A map that is replaced as a whole. */
  atomicMap: boolean
  /** A map with fields of its own in Go: nobody owns it, only what is in it. */
  struct: boolean
  field(name: string): Shape
  item(): Shape
}

export type ListShape =
  | { type: 'atomic' }
  | { type: 'set' }
  /** `keys` tell the items apart; a strategic merge patch uses the first alone. */
  | { type: 'map'; keys: readonly string[] }

const ATOMIC: ListShape = { type: 'atomic' }
const SET: ListShape = { type: 'set' }

/** No schema: maps merge, lists are one value. */
export const untyped: Shape = {
  list: ATOMIC,
  atomicMap: false,
  struct: false,
  field: () => untyped,
  item: () => untyped,
}

function listShape(list: ListShape, item: Shape): Shape {
  return { list, atomicMap: false, struct: false, field: () => item, item: () => item }
}

const ownerReference: Shape = { ...untyped, atomicMap: true }

/** ObjectMeta is the same in every type. */
const metadataFields: Record<string, Shape> = {
  ownerReferences: listShape({ type: 'map', keys: ['uid'] }, ownerReference),
  finalizers: listShape(SET, untyped),
}
export const metadataShape: Shape = {
  ...untyped,
  struct: true,
  field: (name) => metadataFields[name] ?? untyped,
}

/**
 * The lists of built-in types that merge, by the name of their field. A name means the same wherever it occurs, with one
 * exception: the ports of a Service are told apart by other fields than those of a container.
 */
const KEYS: Record<string, readonly string[]> = {
  conditions: ['type'],
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  ports: ['containerPort', 'protocol'],
  secrets: ['name'],
}
const MAPS = new Set([
  'data',
  'stringData',
  'binaryData',
  'labels',
  'annotations',
  'matchLabels',
  'nodeSelector',
  'limits',
  'requests',
])
const ATOMIC_MAPS = new Set(['selector', 'involvedObject', 'related', 'roleRef', 'fieldRef', 'secretKeyRef'])

function builtin(overrides: Record<string, readonly string[]>): Shape {
  const shape: Shape = {
    ...untyped,
    struct: true,
    field(name) {
      if (ATOMIC_MAPS.has(name)) return { ...untyped, atomicMap: true }
      if (MAPS.has(name)) return untyped
      const keys = overrides[name] ?? KEYS[name]
      return keys === undefined ? shape : listShape({ type: 'map', keys }, shape)
    },
    item: () => shape,
  }
  return { ...shape, field: (name) => (name === 'metadata' ? metadataShape : shape.field(name)) }
}

export const builtinShape = builtin({})
export const serviceShape = builtin({ ports: ['port', 'protocol'] })
