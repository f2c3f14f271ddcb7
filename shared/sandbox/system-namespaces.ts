import { randomUUID } from 'node:crypto'
import { NAMESPACE_FINALIZER } from './kinds/namespace.ts'
import type { KubeObject } from './objects.ts'

const NAMES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** The namespaces that every cluster has. */
export function systemNamespaces(creationTimestamp: string): KubeObject[] {
  return NAMES.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: randomUUID(),
      creationTimestamp,
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: [NAMESPACE_FINALIZER] },
    status: { phase: 'Active' },
  }))
}
