import type { CallOptions, Kube } from '../../shared/kube/port.ts'
import { NotLeading, type Term } from './term.ts'

/**
 * The same client, whose writes go out only while we lead: the term is asked when the connection stands and nothing has
 * been sent, and its end cuts off what is under way. Reads are everybody's.
 */
export function fence(kube: Kube, term: () => Term | undefined): Kube {
  const under = <T extends CallOptions>(options: T | undefined): T & CallOptions => {
    const current = term()
    if (!current) throw new NotLeading()
    current.guard()
    return { ...(options ?? ({} as T)), signal: current.signal, guard: current.guard }
  }
  return {
    ...kube,
    create: async (resource, object, options) => kube.create(resource, object, under(options)),
    mergePatch: async (resource, id, patch, options) => kube.mergePatch(resource, id, patch, under(options)),
    replaceStatus: async (resource, object, options) => kube.replaceStatus(resource, object, under(options)),
    delete: async (resource, id, options) => kube.delete(resource, id, under(options)),
    apply: async (resource, object, options) => kube.apply(resource, object, under(options)),
  }
}
