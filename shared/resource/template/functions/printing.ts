import type { Budget } from '../budget.ts'
import { sprint, textOf } from '../format/display.ts'
import { sprintf } from '../format/printf.ts'
import { quoted } from '../format/quote.ts'
import type { Value } from '../values.ts'
import { type Func, func, variadic } from './signature.ts'

/** Values to text: text/template's print functions, and sprig's. */
export const PRINTING: Readonly<Record<string, Func>> = {
  print: variadic([], 'present', (budget, ...values) => sprint(values, budget)),
  println: variadic([], 'present', (budget, ...values) => `${texts(values, budget).join(' ')}\n`),
  printf: variadic(['string'], 'present', (budget, format, ...values) => sprintf(format, values, budget)),
  toString: func(['present'], (budget, value) => textOf(value, budget)),
  quote: variadic([], 'present', (budget, ...values) =>
    texts(values, budget)
      .map((text) => quoted(text))
      .join(' '),
  ),
  squote: variadic([], 'present', (budget, ...values) =>
    texts(values, budget)
      .map((text) => `'${text}'`)
      .join(' '),
  ),
  cat: variadic([], 'present', (budget, ...values) => texts(values, budget).join(' ')),
}

const texts = (values: readonly Value[], budget: Budget): string[] =>
  values.map((value) => textOf(value, budget))
