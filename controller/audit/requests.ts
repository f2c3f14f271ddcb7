import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { onAbort } from '../../shared/kube/abort.ts'
import { createBuckets } from '../http/buckets.ts'
import type { Audit, Request } from './entry.ts'
import { listed, printable } from './names.ts'
import { type Holds, openingKeys } from './objects.ts'

/** What came of a request that takes private keys. */
export interface Answered {
  route: string
  result: Request['result']
  reason?: string
  /** As the API server named the caller. */
  user?: string
  /** Of a caller who is not known. */
  address: string
  /** What was sent. */
  sealed?: SealedSecret
}

/** Lines about strangers, and about those who ask too often, do not fill the disk: so many of each, and a count of the rest. */
const STRANGERS = { burst: 50, perSecond: 1, most: 2 }
const SUPPRESSED_MS = 10_000

/** The signal tells that the end is near. */
export function createRequestAudit(
  record: Audit,
  holds: Holds,
  { clock, signal }: { clock: () => number; signal: AbortSignal },
): (answered: Answered) => void {
  const buckets = createBuckets({ ...STRANGERS, clock })
  let suppressed = 0
  let timer: NodeJS.Timeout | undefined

  function tellSuppressed(): void {
    clearTimeout(timer)
    timer = undefined
    if (suppressed > 0) record({ type: 'audit', action: 'suppressed', count: suppressed })
    suppressed = 0
  }
  onAbort(signal, tellSuppressed)

  return ({ route, result, reason, user, address, sealed }) => {
    const unbounded = user !== undefined && result !== 'limited'
    if (!unbounded && buckets.take(user === undefined ? 'stranger' : 'user') > 0) {
      suppressed += 1
      timer ??= setTimeout(tellSuppressed, SUPPRESSED_MS).unref()
      return
    }
    record({
      type: 'request',
      route,
      result,
      ...(reason !== undefined && { reason }),
      actor: user === undefined ? { address: printable(address) } : { user: printable(user) },
      ...(sealed && about(sealed, result === 'done', holds)),
    })
  }
}

function about({ namespace, name, envelopes, data }: SealedSecret, opened: boolean, holds: Holds) {
  const ids = envelopes.map(({ recipients }) => recipients.map(({ key }) => key))
  const keyIds = opened ? openingKeys(ids, holds) : [...new Set(ids.flat())]
  return {
    object: { kind: 'SealedSecret' as const, namespace, name },
    ...listed({ keyIds, dataKeys: [...data.keys()] }),
  }
}
