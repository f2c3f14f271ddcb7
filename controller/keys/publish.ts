import { isForbidden } from '../../shared/kube/errors.ts'
import type { Publication, PublisherParts } from './publication.ts'
import { clearConfigMap, publishInConfigMap } from './publish-config-map.ts'
import { publishObjects } from './publish-objects.ts'

export interface Publisher {
  /** Makes what is published say what the keys are; throws what is worth another try. */
  publish(publication: Publication): Promise<void>
}

/**
 * Publishes public keys as cluster-scoped SealingKey objects, readable by whom the cluster's admin lets; where that is
 * not allowed, in a ConfigMap of the controller's namespace.
 */
export function createPublisher(parts: PublisherParts): Publisher {
  const told = new Set<string>()
  const tellOnce = (error: unknown, words: string) => {
    if (!told.has(words)) parts.log.warn({ err: error }, words)
    told.add(words)
  }

  /** Nothing stands in for the objects any more. */
  let cleared = false

  async function clear(): Promise<void> {
    await clearConfigMap(parts).catch((error: unknown) => {
      if (!isForbidden(error)) throw error
      parts.log.info({ err: error }, 'may not look for a ConfigMap that stood in for SealingKey objects')
    })
    cleared = true
  }

  return {
    async publish(publication) {
      try {
        await publishObjects(publication, parts)
        // A key that does not open now may be in the ConfigMap alone.
        if (!cleared && publication.complete && publication.keys.length > 0) await clear()
        return
      } catch (error) {
        // The chart gives this right only where keys are to be published so.
        if (!isForbidden(error)) throw error
        tellOnce(error, 'may not publish SealingKey objects; a ConfigMap stands in for them')
      }
      cleared = false
      try {
        await publishInConfigMap(publication, parts)
      } catch (error) {
        if (!isForbidden(error)) throw error
        tellOnce(error, 'may not publish keys in a ConfigMap; they are served over HTTP only')
      }
    },
  }
}
