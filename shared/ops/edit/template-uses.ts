import type { SealedSecret } from '../../format/sealed-secret.ts'
import { parse } from '../../resource/template/syntax/parse.ts'

/** The templates of an object that speak of a value: by `.key`, or by its name in quotes (`index . "tls.crt"`). */
export function templatesUsing({ template }: SealedSecret, key: string): string[] {
  return [...template.data].flatMap(([name, text]) => (uses(name, text, key) ? [name] : []))
}

function uses(name: string, text: string, key: string): boolean {
  try {
    return [...parse(name, text).values()].some((body) => mentions(body, key))
  } catch {
    // Not a template at all: other checks say so.
    return false
  }
}

function mentions(node: unknown, key: string): boolean {
  if (Array.isArray(node)) return node.some((item) => mentions(item, key))
  if (typeof node !== 'object' || node === null) return false
  const { kind, fields, value } = node as { kind?: unknown; fields?: unknown; value?: unknown }
  if (kind === 'chain' && Array.isArray(fields) && textOf(fields[0]) === key) return true
  if (kind === 'string' && textOf(value) === key) return true
  return Object.values(node).some((part) => mentions(part, key))
}

/** Templates hold their texts as bytes in characters; data keys are ASCII. */
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
