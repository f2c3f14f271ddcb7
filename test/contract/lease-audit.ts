import type { AuditEvent } from './cluster.ts'

/**
 * The writes of controllers that had not been the last to write the Lease when they wrote: each controller has a user
 * agent of its own. Refused writes count as well, since they were sent.
 */
export function staleWrites(audit: readonly AuditEvent[]): string[] {
  let holder = ''
  const stale: string[] = []
  for (const { userAgent, resource, subresource, verb, name, code } of audit) {
    if (!userAgent.startsWith('waxwing-controller/')) continue
    if (resource === 'leases') {
      if (code < 300) holder = userAgent
    } else if (userAgent !== holder && !resource.endsWith('reviews'))
      stale.push(`${verb} ${resource}/${subresource ?? ''} ${name}: ${code} by ${userAgent}, not ${holder}`)
  }
  return stale
}
