import { childOf } from '../shared/kube/abort.ts'
import { NetworkError } from '../shared/kube/errors.ts'
import type { CallOptions, Kube } from '../shared/kube/port.ts'
import type { Pulse } from './pulse.ts'

/**
 * The same client, which gives up what has no answer yet when the server answers others again: the link that it went over
 * has broken. Lists are left alone, because they take their time, and watches, because they are renewed.
 */
export function abandoning(kube: Kube, pulse: Pick<Pulse, 'recovered'>): Kube {
  async function call<T, O extends CallOptions>(
    what: string,
    options: O | undefined,
    send: (options: O & CallOptions) => Promise<T>,
  ): Promise<T> {
    const cut = childOf(options?.signal)
    const off = pulse.recovered(() => cut.abort(new NetworkError(what, 'ETIMEDOUT', 'others are answered')))
    try {
      return await send({ ...(options ?? ({} as O)), signal: cut.signal })
    } finally {
      off()
      cut.release()
    }
  }

  return {
    ...kube,
    get: (resource, id, options) =>
      call(`get ${resource.plural}`, options, (given) => kube.get(resource, id, given)),
    create: (resource, object, options) =>
      call(`create ${resource.plural}`, options, (given) => kube.create(resource, object, given)),
    mergePatch: (resource, id, patch, options) =>
      call(`patch ${resource.plural}`, options, (given) => kube.mergePatch(resource, id, patch, given)),
    replaceStatus: (resource, object, options) =>
      call(`update ${resource.plural}`, options, (given) => kube.replaceStatus(resource, object, given)),
    delete: (resource, id, options) =>
      call(`delete ${resource.plural}`, options, (given) => kube.delete(resource, id, given)),
  }
}
