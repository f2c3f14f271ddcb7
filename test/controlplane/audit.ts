import { readFile } from 'node:fs/promises'
import { probePrefix } from './ready.ts'

/**
 * One finished write, as the API server's audit log tells it; what a request has not got is ''. When the
 * client is gone before the answer the code is 504, and the write may yet be done: `timesWritten` knows.
 */
export interface AuditEvent {
  verb: string
  user: string
  resource: string
  subresource: string
  namespace: string
  name: string
  code: number
  userAgent: string
  /** When the response was complete, RFC 3339. */
  at: string
}

/**
 * Every write once, when it ends (`ResponseComplete`, or `Panic` where the answer broke off); reads would
 * drown them, and bodies would put secrets on the disk.
 */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    { level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
    { level: 'None' },
  ],
}

interface AuditLine {
  verb: string
  user: { username: string }
  userAgent?: string
  objectRef?: { resource?: string; subresource?: string; namespace?: string; name?: string }
  responseStatus?: { code?: number }
  stageTimestamp: string
}

/** The events in the log, in its order, from the given byte on. */
export async function readAudit(file: string, from: number): Promise<AuditEvent[]> {
  const text = (await readFile(file)).subarray(from).toString('utf8')
  // The server may be in the middle of the last line.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine)
    .map(toEvent)
    .filter((event) => !event.name.startsWith(probePrefix))
}

function toEvent(line: AuditLine): AuditEvent {
  const object = line.objectRef ?? {}
  return {
    verb: line.verb,
    user: line.user.username,
    resource: object.resource ?? '',
    subresource: object.subresource ?? '',
    namespace: object.namespace ?? '',
    name: object.name ?? '',
    code: line.responseStatus?.code ?? 0,
    userAgent: line.userAgent ?? '',
    at: line.stageTimestamp,
  }
}
