import { expect, test } from 'vitest'
import type { SealError } from '../../../../../shared/errors.ts'
import { renderer } from '../../../../../shared/resource/render.ts'

const MIB = 1_048_576
const values = new Map([
  ['big', Buffer.alloc(MIB - 1_000, 'é\n')],
  ['deep', Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))],
  ['wide', Buffer.from(`[${'1,'.repeat(300_000)}1]`)],
  ['key', Buffer.from('v')],
  ['same', Buffer.alloc(300_000, 'a')],
  ['almost', Buffer.concat([Buffer.alloc(50_000, 'a'), Buffer.from('b'), Buffer.alloc(50_000, 'a')])],
  ['keys', Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [i, 1]))))],
])

const doubled = (first: string, next: string, last: string) =>
  `{{ $x := ${first} }}{{ range until 60 }}{{ $x = ${next} }}{{ end }}{{ ${last} }}`
const inLoop = (action: string) => `{{ range until 1000 }}{{ $x := ${action} }}{{ end }}`

const BOMBS: readonly (readonly [name: string, template: string])[] = [
  ['a range in a range', '{{ range until 90000 }}{{ range until 90000 }}x{{ end }}{{ end }}'],
  ['a range that does nothing', '{{ range 9223372036854775807 }}{{ end }}'],
  ['a list of all numbers', '{{ $x := untilStep 0 9223372036854775807 1 }}'],
  ['repeat', '{{ repeat 9223372036854775807 "x" }}'],
  ['repeat of repeat', '{{ "x" | repeat 1000 | repeat 1000 | repeat 1000 }}'],
  ['much text', '{{ range until 2 }}{{ $.big }}{{ end }}'],
  ['a string that doubles', doubled('"x"', 'print $x $x', '$x')],
  ['a list that doubles, printed', doubled('list 1', 'list $x $x', '$x')],
  ['a list that doubles, as JSON', doubled('list 1', 'list $x $x', 'toJson $x')],
  ['a list that doubles, compared', doubled('list 1', 'list $x $x', 'has $x (list (list $x $x) $x)')],
  ['a list that doubles, joined', doubled('list 1', 'concat $x $x', 'join "," $x')],
  ['a map in a map', `{{ $x := dict }}{{ range until 900 }}{{ $x = dict "a" $x }}{{ end }}{{ $x }}`],
  ['a template in itself', '{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}'],
  [
    'a template twice in itself',
    '{{ define "x" }}{{ template "x" }}{{ template "x" }}{{ end }}{{ template "x" }}',
  ],
  ['replace between all characters', '{{ replace "" (repeat 1000 "x") .big }}'],
  ['indent of many lines', '{{ indent 100 .big }}'],
  ['a list of all characters', '{{ splitList "" .big | len }}'],
  ['a map of all lines', '{{ split "\\n" .big | len }}'],
  ['a wide verb', '{{ printf "%999999999d" 1 }}'],
  ['a wide verb for a list', '{{ printf "%1000d" (until 20000) }}'],
  ['a digest again and again', inLoop('sha256sum $.big')],
  ['a search again and again', inLoop('contains "x" $.big')],
  ['a comparison again and again', inLoop('eq $.big $.big')],
  ['upper case again and again', inLoop('upper $.big')],
  ['quotes again and again', inLoop('quote $.big')],
  ['printed again and again', inLoop('print $')],
  ['a pattern that almost fits', inLoop('contains $.almost $.same')],
  ['separators that almost fit', inLoop('splitList $.almost $.same')],
  ['replacements that almost fit', inLoop('replace $.almost "x" $.same')],
  [
    'a large map, left at once',
    `{{ $m := fromJson .keys }}${'{{ range $m }}{{ break }}{{ end }}'.repeat(2000)}`,
  ],
  [
    'large maps compared',
    '{{ $m := fromJson .keys }}{{ range until 90 }}{{ $x := has $m (list $m 1) }}{{ end }}',
  ],
  [
    'margins',
    `{{ $x := until 30000 }}{{ range until 300 }}{{ $x = list $x }}{{ end }}{{ toPrettyJson $x | len }}`,
  ],
  ['many variables', Array.from({ length: 600 }, (_, i) => `{{ $v${i} := 1 }}`).join('')],
  ['all different', '{{ uniq (until 5000) | len }}'],
  ['deep JSON', '{{ fromJson .deep | len }}'],
  ['wide JSON', '{{ fromJson .wide | len }}'],
  ['deep parentheses', `{{ ${'('.repeat(300_000)} }}`],
  ['deep conditions', '{{ if 1 }}'.repeat(100_000)],
  ['a long chain of conditions', `{{ if 0 }}${'{{ else if 0 }}'.repeat(60_000)}{{ end }}`],
  ['many actions', '{{.key}}'.repeat(120_000)],
  ['many arguments', `{{ print ${'1 '.repeat(400_000)} }}`],
  ['more text than a Secret may have', 'x'.repeat(MIB + 1)],
]

test.each(BOMBS)('%s ends soon, and as a refusal', (_, template) => {
  // Of the processor alone, as others may keep the machine busy.
  const started = process.cpuUsage()
  const refusal = expect.objectContaining({ code: 'template' }) as SealError
  expect(() => renderer(values)('t', template)).toThrow(refusal)
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1e6).toBeLessThan(4)
})

test('what a Secret may hold can be rendered', () => {
  const render = renderer(values)
  expect(render('a', '{{ .big }}')).toHaveLength(MIB - 1_000)
  expect(render('b', `{{/* */}}${'x'.repeat(MIB - 100)}`)).toHaveLength(MIB - 100)
  expect(render('c', `{{ "${'x'.repeat(500_000)}" }}`)).toHaveLength(500_000)
  expect(render('d', `{{ range until 10000 }}{{ $.key }}{{ end }}`)).toHaveLength(10_000)
  expect(render('e', `${'{{if 1}}'.repeat(150)}x${'{{end}}'.repeat(150)}`)).toHaveLength(1)
})

test('the templates of one object share what they may use up', () => {
  const render = renderer(values)
  const one = () => render('t', '{{ range until 15000 }}{{ end }}')
  one()
  one()
  expect(one).toThrow('more than 100000 steps')
  expect(() => renderer(values)('t', '{{ range until 15000 }}{{ end }}')).not.toThrow()
})
