import type { RequestInfo } from '../request.ts'

/** One finished write, as a real API server's audit log tells it; what a request has not got is ''. */
export interface AuditEvent {
  verb: string
  user: string
  resource: string
  subresource: string
  namespace: string
  name: string
  code: number
  userAgent: string
  /** When the answer was ready, RFC 3339. */
  at: string
}

const READS = new Set(['get', 'list', 'watch'])

export interface Audit {
  record(
    info: RequestInfo | undefined,
    rest: Pick<AuditEvent, 'user' | 'code' | 'userAgent'> & { created?: string },
  ): void
  events(): AuditEvent[]
}

export function createAudit(now: () => Date): Audit {
  const events: AuditEvent[] = []
  return {
    record(info, { user, code, userAgent, created = '' }) {
      if (info === undefined || READS.has(info.verb)) return
      const { verb, resource, subresource, namespace, name } = info
      const at = now().toISOString()
      events.push({
        verb,
        user,
        resource,
        subresource,
        namespace,
        name: name || created,
        code,
        userAgent,
        at,
      })
    },
    events: () => [...events],
  }
}
