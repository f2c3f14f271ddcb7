import { isDoc, valueAt } from '../json.ts'

/**
 * The part of kubectl's JSONPath that printer columns are written in: fields, `['quoted fields']`, indexes, `[*]` and
 * filters by equality such as `[?(@.type=="Ready")]`. https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
type Step = (values: readonly unknown[]) => readonly unknown[]

const STEPS: readonly [RegExp, (match: RegExpExecArray) => Step][] = [
  [
    /^\.?\[\?\(\s*@\.([^=!\s]+)\s*(==|!=)\s*(.+?)\s*\)\]/,
    ([, path = '', operator, literal = '']) => filter(path, operator === '==', literal),
  ],
  [/^\.?\[\*\]/, () => (values) => values.flatMap(children)],
  [
    /^\.?\[(-?\d+)\]/,
    ([, index]) =>
      (values) =>
        values.flatMap((value) => at(value, Number(index))),
  ],
  [/^\.?\[(['"])(.*?)\1\]/, ([, , name = '']) => field(name)],
  [/^\.\*/, () => (values) => values.flatMap(children)],
  [/^\.?((?:[^.[\\]|\\.)+)/, ([, name = '']) => field(name.replace(/\\(.)/g, '$1'))],
]

/** The values at a path, none when it leads nowhere. Throws for a path that it cannot read. */
export function jsonPath(path: string): (root: unknown) => readonly unknown[] {
  const steps: Step[] = []
  let rest = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '')
  while (rest !== '' && rest !== '.') {
    const step = STEPS.map(([pattern, make]) => [pattern.exec(rest), make] as const).find(
      ([match]) => match !== null,
    )
    const [match, make] = step ?? []
    if (match === undefined || match === null || make === undefined)
      throw new SyntaxError(`not a JSONPath: ${path}`)
    steps.push(make(match))
    rest = rest.slice(match[0].length)
  }
  return (root) => steps.reduce<readonly unknown[]>((values, step) => step(values), [root])
}

function field(name: string): Step {
  return (values) => values.map((value) => valueAt(value, name)).filter((value) => value !== undefined)
}

function filter(path: string, equal: boolean, literal: string): Step {
  const wanted = literal.replace(/^(['"])(.*)\1$/, '$2')
  const find = jsonPath(`.${path}`)
  return (values) =>
    values.flatMap(children).filter((item) => {
      const [found] = find(item)
      return found !== undefined && (String(found) === wanted) === equal
    })
}

function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isDoc(value) ? Object.values(value) : []
}

function at(value: unknown, index: number): readonly unknown[] {
  const found: unknown = Array.isArray(value) ? value.at(index) : undefined
  return found === undefined ? [] : [found]
}
