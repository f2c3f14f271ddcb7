import { badRequest } from './status-errors.ts'

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */

type Labels = Readonly<Record<string, string>>
type Test = (labels: Labels) => boolean

const SET_BASED = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/
const EQUALITY = /^([^\s=!<>]+)\s*(==|=|!=)\s*([^\s=!<>]*)$/
const COMPARISON = /^([^\s=!<>]+)\s*([<>])\s*(\d+)$/
const EXISTENCE = /^(!?)\s*([^\s=!<>()]+)$/

/** Throws a 400 for a selector that cannot be read. */
export function labelSelector(text: string): Test {
  const tests = splitRequirements(text).map((requirement) => labelRequirement(requirement, text))
  return (labels) => tests.every((test) => test(labels))
}

/** At commas, but not at those within the parentheses of a set. */
function splitRequirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function labelRequirement(requirement: string, selector: string): Test {
  const set = SET_BASED.exec(requirement)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = new Set(list.split(',').map((value) => value.trim()))
    // An absent label is in no set, so `notin` selects it as well.
    return (labels) => values.has(labels[key] ?? '\0') === (operator === 'in')
  }
  const equality = EQUALITY.exec(requirement)
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const comparison = COMPARISON.exec(requirement)
  if (comparison !== null) {
    const [, key = '', operator, bound] = comparison
    return (labels) => {
      const value = Number.parseInt(labels[key] ?? '', 10)
      return operator === '<' ? value < Number(bound) : value > Number(bound)
    }
  }
  const existence = EXISTENCE.exec(requirement)
  if (existence === null)
    throw badRequest(`unable to parse requirement: couldn't parse the selector string "${selector}"`)
  const [, negated, key = ''] = existence
  return (labels) => Object.hasOwn(labels, key) === (negated === '')
}

export interface FieldRequirement {
  field: string
  value: string
  equal: boolean
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/: `=`, `==` and `!=`, joined by commas. */
export function fieldRequirements(text: string): FieldRequirement[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^(.*?)(!=|==|=)(.*)$/.exec(part)
      if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
      const [, field = '', operator, value = ''] = match
      return { field, value, equal: operator !== '!=' }
    })
}
