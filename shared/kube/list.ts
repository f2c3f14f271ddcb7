import { parseJson } from './body.ts'
import { NetworkError } from './errors.ts'
import { withoutManagedFields } from './managed-fields.ts'
import type { KubeObject, WatchEvent } from './port.ts'

/** A collection page by page: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */

interface Page<T> {
  items: T[] | null
  metadata?: { resourceVersion?: string; continue?: string }
}

const PAGE_SIZE = 500
/** How much smaller to ask when a page is more than we are willing to read at once. */
const SHRINK = 10

/**
 * As events, the last of them the bookmark that says `listed`. `readPage` gets the text of one page; what it throws with code
 * EBODYTOOLARGE makes the pages smaller.
 */
export async function* listPages<T extends KubeObject>(
  what: string,
  readPage: (query: { limit: number; continue: string | undefined }) => Promise<string>,
): AsyncGenerator<WatchEvent<T>> {
  let limit = PAGE_SIZE
  let next: string | undefined
  // All pages show the state at the first one's resourceVersion; a watch from there misses nothing.
  let resourceVersion: string | undefined
  do {
    let text: string
    try {
      text = await readPage({ limit, continue: next })
    } catch (error) {
      if (!isTooLarge(error) || limit === 1) throw error
      limit = Math.max(1, Math.floor(limit / SHRINK))
      continue
    }
    const page = parseJson<Page<T>>(what, text)
    resourceVersion ??= page.metadata?.resourceVersion
    if (resourceVersion === undefined) throw new NetworkError(what, 'EBADBODY', 'the answer is not a list')
    next = page.metadata?.continue || undefined
    for (const item of page.items ?? []) yield { type: 'ADDED', object: withoutManagedFields(item) }
  } while (next !== undefined || resourceVersion === undefined)
  yield { type: 'BOOKMARK', resourceVersion, listed: true }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof NetworkError && error.code === 'EBODYTOOLARGE'
}
