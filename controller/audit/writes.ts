import type { Kube, KubeObject, MergePatch, Resource } from '../../shared/kube/port.ts'
import type { Sent } from './objects.ts'

type Writes = Pick<Kube, 'create' | 'mergePatch' | 'delete'>

/** What was asked: `body` is the object or the patch. */
export interface Asked {
  resource: Resource
  name: string
  body?: KubeObject | MergePatch
}

/** The same client; `begins` hears of each write, except of a status, and is called back when its answer is here, or none will come. */
export function tellingWrites<K extends Writes>(kube: K, begins: (asked: Asked) => (sent: Sent) => void): K {
  async function send<T extends KubeObject | undefined>(
    verb: Sent['verb'],
    asked: Asked,
    write: () => Promise<T>,
  ): Promise<T> {
    const told = begins(asked)
    let answer: T
    try {
      answer = await write()
    } catch (error) {
      told({ verb, error })
      throw error
    }
    told({ verb, answer })
    return answer
  }

  return {
    ...kube,
    create: (resource, object, options) =>
      send('create', { resource, name: object.metadata.name, body: object }, () =>
        kube.create(resource, object, options),
      ),
    mergePatch: (resource, id, patch, options) =>
      options?.subresource
        ? kube.mergePatch(resource, id, patch, options)
        : send('patch', { resource, name: id.name, body: patch }, () =>
            kube.mergePatch(resource, id, patch, options),
          ),
    delete: async (resource, id, options) => {
      await send('delete', { resource, name: id.name }, async () => {
        await kube.delete(resource, id, options)
        return undefined
      })
    },
  }
}
