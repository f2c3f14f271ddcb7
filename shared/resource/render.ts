import { SealError } from '../errors.ts'
import { MAX_VALUE_BYTES } from '../format/limits.ts'
import { newBudget } from './template/budget.ts'
import { evaluate } from './template/evaluate.ts'
import { Fault } from './template/fault.ts'
import { parse } from './template/syntax/parse.ts'
import { fromBytes, fromText, toBytes } from './template/text.ts'
import { dict } from './template/values.ts'

/** Makes the text of a template from an object's values; `name` is its data key. */
export type Render = (name: string, template: string) => Uint8Array

/**
 * Go's text/template with a part of sprig (docs/templates.md), over a map of strings as Bitnami's controller has it. Values are
 * bytes and need not be text. The templates of one object share one budget. Throws `template` with the name of the
 * template and the place in it, and nothing of its values.
 */
export function renderer(values: ReadonlyMap<string, Uint8Array>): Render {
  const data = dict(new Map([...values].map(([key, value]) => [key, fromBytes(value)])), 'string')
  const budget = newBudget()
  return (name, template) =>
    refusing(name, template, () => {
      const output = { pieces: [], room: MAX_VALUE_BYTES }
      evaluate({ bodies: parse(name, template), budget, output }, fromText(name), data)
      return toBytes(output.pieces.join(''))
    })
}

/** Whether it is a template at all, as far as that can be told without its values; throws `template`. */
export function checkSyntax(name: string, template: string): void {
  refusing(name, template, () => parse(name, template))
}

function refusing<T>(name: string, template: string, run: () => T): T {
  try {
    if (template.length > MAX_VALUE_BYTES) throw new Fault('it is larger than a Secret may be')
    return run()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new SealError('template', `template \`${name}\`${place(template, error.at)}: ${error.message}`, {
      path: ['spec', 'template', 'data', name],
    })
  }
}

const place = (template: string, at: number | undefined): string =>
  at === undefined ? '' : `, ${placeIn(template, at)}`

/** Lines and columns count from 1, columns in characters. */
export function placeIn(template: string, at: number): string {
  const lines = template.slice(0, at).split('\n')
  return `${lines.length}:${[...(lines.at(-1) ?? '')].length + 1}`
}
