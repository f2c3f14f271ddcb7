import { docAt, listAt } from '../json.ts'
import type { Rules } from '../resources/types.ts'

const NAME_LABEL = 'kubernetes.io/metadata.name'

/** The finalizer that keeps a namespace until nothing is left in it. */
export const NAMESPACE_FINALIZER = 'kubernetes'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
export const namespaceRules: Rules = {
  prepare(object, old) {
    const metadata = {
      ...object.metadata,
      labels: { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name },
    }
    // Finalizers of a namespace stand in its spec, and only its controller takes them away.
    const finalizers = old === undefined ? [NAMESPACE_FINALIZER] : listAt(old, 'spec', 'finalizers')
    const spec = { ...docAt(object, 'spec'), finalizers }
    const status = old === undefined ? { phase: 'Active' } : (object.status ?? old.status)
    return { ...object, metadata, spec, status }
  },
}
