import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { renderer } from '../../shared/resource/render.ts'

/** Values as base64, by data key. */
export type Data = Readonly<Record<string, string>>

/** The output as base64, or Go's error. */
export interface Answer {
  output?: string
  error?: string
}

/**
 * One template, and what Go gives for the table's data: text, or base64 where it is no text, or nothing where Go has an
 * error. `refused`: ours refuses it although Go writes something (docs/templates.md says where).
 */
export interface Case {
  template: string
  text?: string
  base64?: string
  refused?: true
}

export interface Table {
  data: Data
  cases: Case[]
}

export const tablePath = join(import.meta.dirname, 'cases.json')
export const readTable = (): Table => JSON.parse(readFileSync(tablePath, 'utf8')) as Table

/** Go's answer in the words of the table. */
export function recorded({ output }: Answer): Pick<Case, 'text' | 'base64'> {
  if (output === undefined) return {}
  const bytes = Buffer.from(output, 'base64')
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? { text } : { base64: output }
}

const valuesOf = (data: Data): Map<string, Uint8Array> =>
  new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]))

/** What ours gives: bytes or the refusal; anything else that is thrown is a fault of ours. */
export function ours(template: string, data: Data): Uint8Array | SealError {
  try {
    return renderer(valuesOf(data))('t', template)
  } catch (error) {
    if (error instanceof SealError && error.code === 'template') return error
    throw error
  }
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
