/**
 * What the rest of the program may ask of a Kubernetes API server. `connect` (client.ts) gives the real one; everything
 * that talks to a cluster takes this interface, so the same code runs against a cluster and the embedded server.
 */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  /** Only where it was asked for. */
  managedFields?: ManagedFields[]
}

/** Who last set which fields, and when. */
interface ManagedFields {
  manager?: string
  time?: string
  fieldsV1?: unknown
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
}

/** A served resource type: `group` is '' for the core group, `plural` the path segment. */
export interface Resource {
  group: string
  version: string
  plural: string
  kind: string
  namespaced: boolean
}

export interface ObjectId {
  name: string
  namespace?: string
}

export interface Selection {
  /** One namespace; absent: all of them. */
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
  /** Ask for PartialObjectMetadata: the server then sends no spec, data or status. */
  metadataOnly?: boolean
}

export interface Listing<T> {
  items: T[]
  /** Where a watch that misses nothing starts. */
  resourceVersion: string
}

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  /** `listed`: what there was has been told in full, to who asked for it. */
  | { type: 'BOOKMARK'; resourceVersion: string; listed?: boolean }

export interface CallOptions {
  signal?: AbortSignal
  /** Asked when the connection stands and nothing has been sent yet, at each attempt. What it throws is the outcome. */
  guard?: () => void
  /**
   * Over a connection that only such requests take. It stands before a link breaks, and is free when the others all wait
   * for answers: the one to ask whether there is still somebody at the other end.
   */
  apart?: boolean
}

/** JSON merge patch, RFC 7396: null removes. `metadata.resourceVersion` in it is a precondition (409 when stale). */
export type MergePatch = Record<string, unknown>

export interface Kube {
  get<T extends KubeObject>(
    resource: Resource,
    id: ObjectId,
    options?: CallOptions & { managedFields?: boolean },
  ): Promise<T>
  /** The whole collection, managedFields dropped. */
  list<T extends KubeObject>(
    resource: Resource,
    selection?: Selection,
    options?: CallOptions,
  ): Promise<Listing<T>>
  /**
   * The same as it arrives, as the beginning of a watch: page by page, or with `stream` object by object where the server can do
   * that, and then with what happens meanwhile. Ends with the bookmark that says `listed`; before that it may fail halfway.
   */
  listing<T extends KubeObject>(
    resource: Resource,
    selection?: Selection,
    options?: CallOptions & { stream?: boolean },
  ): AsyncIterable<WatchEvent<T>>
  /**
   * One watch connection from `resourceVersion` on. Ends normally when the server's time is up; throws ApiError
   * (status 410: relist) or NetworkError. `idleMs` without a byte counts as a broken link. `onOpen`: the server accepted.
   */
  watch<T extends KubeObject>(
    resource: Resource,
    selection: Selection & { resourceVersion: string },
    options?: CallOptions & { idleMs?: number; onOpen?: () => void },
  ): AsyncIterable<WatchEvent<T>>
  create<T extends KubeObject>(resource: Resource, object: T, options?: CallOptions): Promise<T>
  mergePatch<T extends KubeObject>(
    resource: Resource,
    id: ObjectId,
    patch: MergePatch,
    options?: CallOptions & { subresource?: 'status' },
  ): Promise<T>
  /**
   * The status as a whole, for who is its only writer: it costs the server a tenth less than a patch. Nothing else of the object
   * is written, so no spec is sent; its uid and resourceVersion are preconditions. Gives the object without spec and status.
   */
  replaceStatus(
    resource: Resource,
    object: KubeObject & { status: unknown },
    options?: CallOptions,
  ): Promise<KubeObject>
  delete(
    resource: Resource,
    id: ObjectId,
    options?: CallOptions & { uid?: string; resourceVersion?: string },
  ): Promise<void>
  /** Server-side apply, for the CLI's own objects (the controller does not use it). */
  apply<T extends KubeObject>(
    resource: Resource,
    object: T,
    options: CallOptions & { fieldManager: string; force?: boolean },
  ): Promise<T>
  /** Any GET below the server's root, as text: /version, the service proxy. */
  raw(path: string, options?: CallOptions): Promise<string>
  /**
   * Any POST below the server's root that stores nothing: reviews, token requests, the service proxy. The answer as text.
   */
  post(
    path: string,
    body: string,
    options?: CallOptions & { headers?: Record<string, string> },
  ): Promise<string>
  /** Closes all connections, for the end: what is in flight fails. */
  close(): void
}
