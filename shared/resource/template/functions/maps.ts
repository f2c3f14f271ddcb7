import { textOf } from '../format/display.ts'
import { dict, type Value } from '../values.ts'
import { parseJson } from './json-read.ts'
import { type Json, writeJson } from './json-write.ts'
import { type Func, func, variadic } from './signature.ts'

const json = (style: Json): Func => func(['present'], (budget, value) => writeJson(budget, value, style))

/** sprig's maps, and JSON, which is where most of them come from. */
export const MAPS: Readonly<Record<string, Func>> = {
  dict: variadic([], 'any', (budget, ...values) => {
    const entries = new Map<string, Value>()
    for (let i = 0; i < values.length; i += 2)
      entries.set(textOf(values[i], budget), i + 1 < values.length ? values[i + 1] : '')
    return dict(entries)
  }),
  get: func(['dict', 'string'], (_, { entries }, key) => (entries.has(key) ? entries.get(key) : '')),
  hasKey: func(['dict', 'string'], (_, { entries }, key) => entries.has(key)),
  fromJson: func(['string'], (budget, text) => parseJson(budget, text)),
  toJson: json({ html: true, indent: '' }),
  toPrettyJson: json({ html: true, indent: '  ' }),
  toRawJson: json({ html: false, indent: '' }),
}
