import { textAt } from '../json.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest } from '../status-errors.ts'

/** MicroTime, written with exactly six digits: a client that sends JavaScript's three is refused, as by the real server. */
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/

export function requireMicroTime(object: KubeObject, ...path: string[]): void {
  const text = textAt(object, ...path)
  if (text === '' || MICRO_TIME.test(text)) return
  const version = object.apiVersion.replace(/^.*\//, '')
  const layout = '2006-01-02T15:04:05.000000Z07:00'
  throw badRequest(
    `${object.kind} in version "${version}" cannot be handled as a ${object.kind}: parsing time "${text}" as "${layout}": cannot parse "${text.replace(/^.{19}/, '')}" as ".000000"`,
  )
}
