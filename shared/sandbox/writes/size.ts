import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status-errors.ts'

/** etcd's limit for one request. */
const MAX_STORED_BYTES = 1.5 * 1024 * 1024

/** Refuses what etcd would; the sandbox stores JSON where etcd holds the denser protobuf, so base64 counts as bytes. */
export function requireFits(object: KubeObject): void {
  const text = JSON.stringify(object)
  // Short texts need no exact count.
  if (text.length <= MAX_STORED_BYTES) return
  const size = object.kind === 'Secret' ? text.length * 0.75 : Buffer.byteLength(text)
  if (size > MAX_STORED_BYTES) throw new StatusError(500, '', 'etcdserver: request is too large')
}
