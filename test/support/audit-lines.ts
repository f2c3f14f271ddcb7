import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Entry, lineOf } from '../../controller/audit/entry.ts'
import { root } from './programs.ts'

const schema = JSON.parse(readFileSync(join(root, 'schemas/audit-event.schema.json'), 'utf8'))
const valid = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

/** A line of the audit log, as its readers have it. */
export interface AuditLine {
  type: string
  seq: number
  instance: string
  result?: string
  reason?: string
  row?: string
  verb?: string
  action?: string
  route?: string
  object?: { namespace: string; name: string; uid?: string; generation?: number }
  secret?: { uid: string; resourceVersion: string }
  key?: { id?: string; secret?: string; state?: string }
  keyIds?: string[]
  dataKeys?: string[]
  drift?: true
  actor?: { fieldManagers?: string[]; user?: string; address?: string }
  published?: string
  atRest?: string
  provider?: { form: string; call: string }
  count?: number
}

/** Why a line is none by the shipped schema; undefined: it is one. */
export function auditProblem(line: string): string | undefined {
  if (valid(JSON.parse(line))) return undefined
  // Of the others it only says that the type is another.
  const { type } = JSON.parse(line)
  const errors = (valid.errors ?? []).filter(({ schemaPath }) => schemaPath.includes(`/${type}/`))
  return JSON.stringify(errors.length > 0 ? errors : valid.errors)
}

/** The lines of an audit log; throws at the first that is none by the schema. */
export function auditLines(text: string): AuditLine[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line has no end')
  return lines.map((line) => {
    const problem = auditProblem(line)
    if (problem !== undefined) throw new Error(`${line}: ${problem}`)
    return JSON.parse(line)
  })
}

/** Those among the lines of another log. */
export const auditLinesAmong = (text: string): AuditLine[] =>
  auditLines(
    text
      .split(/(?<=\n)/)
      .filter((line) => line.startsWith('{"apiVersion":"audit.waxwing.dev/v1","kind":"AuditEvent",'))
      .join(''),
  )

/** The line of an entry, checked. */
export function lineFor(entry: Entry): AuditLine {
  const [line] = auditLines(lineOf(entry, { now: 0, instance: 'pod_1', seq: 1 }))
  if (!line) throw new Error('not the beginning of a line')
  return line
}
