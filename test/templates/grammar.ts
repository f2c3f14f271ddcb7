import fc from 'fast-check'
import type { Data } from './cases.ts'
import { expressions } from './expressions.ts'

export interface Generated {
  template: string
  data: Data
}

const text = fc.oneof(
  fc.constantFrom(' ', '\n', ' x ', 'host=', '\t\r\n', '"', '}', 'é☃', '-', '|'),
  fc.string({ maxLength: 4 }).filter((plain) => !plain.includes('{')),
)

const action = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('{{ ', '{{', '{{- '), inner, fc.constantFrom(' }}', '}}', ' -}}'))
    .map((parts) => parts.join(''))

const join = (parts: readonly string[]): string => parts.join('')

/** What every body may use; a body of its own does not see those around it. */
const VARIABLES = '{{ $s := "s" }}{{ $n := 1 }}{{ $x := "x" }}'

/** Bodies of templates: text, actions and what nests. */
const { body } = fc.letrec<{ body: string; node: string; loop: string }>((tie) => {
  const { any, list, dict, string, bool } = expressions
  const [inside, loop] = [tie('body'), tie('loop')]
  const otherwise = fc.option(
    inside.map((no) => `{{ else }}${no}`),
    { nil: '' },
  )
  const branch = (head: fc.Arbitrary<string>, then: fc.Arbitrary<string>) =>
    fc.tuple(action(head), then, otherwise).map(([open, yes, no]) => `${open}${yes}${no}{{ end }}`)
  // No sums: Go would count to what they come to.
  const over = fc.oneof(
    list,
    dict,
    fc.constantFrom('.', '$', 'until 3', '2', '0', '(add 1 2)', '(index "\\x03" 0)'),
  )
  return {
    node: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'node' },
      text,
      action(fc.oneof(any, string)),
      action(fc.constantFrom('$s', '$n', '$x', '.', '$', '.a')),
      fc.constantFrom('{{/* a comment */}}', ' {{- /* a\ncomment */ -}} '),
      action(fc.tuple(fc.constantFrom('$s = ', '$n = ', '$x := ', '$y:='), any).map(join)),
      branch(
        fc.oneof(any, bool).map((value) => `if ${value}`),
        inside,
      ),
      branch(
        fc.tuple(bool, inside, bool).map(([a, yes, b]) => `if ${a} }}${yes}{{ else if ${b}`),
        inside,
      ),
      branch(
        any.map((value) => `with ${value}`),
        inside,
      ),
      branch(
        fc.tuple(any, inside, string).map(([a, yes, b]) => `with ${a} }}${yes}{{ else with ${b}`),
        inside,
      ),
      branch(
        fc
          .tuple(fc.constantFrom('', '', '$x := ', '$x = ', '$i, $x := ', '$n, $s = '), over)
          .map(([set, value]) => `range ${set}${value}`),
        loop,
      ),
      fc
        .tuple(fc.nat(), any, inside)
        .map(([id, value, then]) => `{{ block "b${id}" ${value} }}${VARIABLES}${then}{{ end }}`),
    ),
    loop: fc
      .tuple(inside, bool, fc.constantFrom('break', 'continue'), inside)
      .map(([before, when, leave, after]) => `${before}{{ if ${when} }}{{ ${leave} }}{{ end }}${after}`),
    body: fc.array(tie('node'), { maxLength: 3 }).map(join),
  }
})

const call = fc.oneof(fc.constant('.'), expressions.any).map((value) => `{{ template "one" ${value} }}`)

const whole = fc
  .tuple(body, body, fc.oneof({ weight: 3, arbitrary: fc.constant('') }, call), body)
  .map(([one, ...main]) => `{{ define "one" }}${VARIABLES}${one}{{ end }}${VARIABLES}${main.join('')}`)

const SLIPS = [
  '',
  ' ',
  '}}',
  '{{',
  '-',
  '"',
  '`',
  '.',
  '(',
  ')',
  '|',
  '$',
  ':=',
  '=',
  ',',
  '0',
  'x',
  '\\',
  '/*',
]

/** A template that someone mistyped: a piece cut out, or something put in. */
const mistyped = fc
  .tuple(body, fc.nat(), fc.nat({ max: 4 }), fc.constantFrom(...SLIPS, '{{ end }}', '{{ else }}'))
  .map(([template, at, cut, put]) => {
    const from = at % (template.length + 1)
    return `${VARIABLES}${template.slice(0, from)}${put}${template.slice(from + cut)}`
  })

const TEXTS = ['', '0', '42', '-7', '0x1F', '1.50', ' padded ', 'a,b,,c', 'YWJj', 'Straße\n☃', '<&>"\'\\']

const value = fc.oneof(
  fc.string().map((plain) => Buffer.from(plain)),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(...TEXTS).map((plain) => Buffer.from(plain)),
)

const json = fc
  .oneof(
    { weight: 4, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.constant('{"a":[1,{"b":null}],"é":"<"') },
  )
  .map((plain) => Buffer.from(plain))

const data: fc.Arbitrary<Data> = fc
  .record(
    { a: value, b: value, num: value, list: value, 'd-e': value, json },
    { requiredKeys: ['a', 'json'] },
  )
  .map((values) =>
    Object.fromEntries(Object.entries(values).map(([key, bytes]) => [key, bytes.toString('base64')])),
  )

/** Templates of the supported language with values for them; one in five has a slip of the keyboard in it. */
export const generated: fc.Arbitrary<Generated> = fc.record({
  template: fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: mistyped }),
  data,
})
