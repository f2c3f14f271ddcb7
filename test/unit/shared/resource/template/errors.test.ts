import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError } from '../../../../../shared/errors.ts'
import { renderer } from '../../../../../shared/resource/render.ts'
import { generated } from '../../../../templates/grammar.ts'

const CANARY = 'hunter2-Zx9'
const values = new Map([
  ['key', Buffer.from(CANARY)],
  ['json', Buffer.from(`{"${CANARY}": `)],
  ['number', Buffer.from(`12${CANARY}`)],
  ['base64', Buffer.from(`${CANARY}!`)],
])

function refusal(template: string, of: ReadonlyMap<string, Uint8Array> = values): SealError | undefined {
  try {
    renderer(of)('url', template)
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(SealError)
    return error as SealError
  }
}

/** All that a log could show of an error. */
const shown = (error: SealError): string =>
  [error.message, error.stack, String(error.cause), JSON.stringify(error), JSON.stringify(error.path)].join(
    '\n',
  )

test.each([
  ['{{ .key | b64dec }}', '1:11', 'function `b64dec`: it is not base64'],
  ['{{ .base64 | b64dec }}', '1:14', 'function `b64dec`: it is not base64'],
  ['{{ int .number }}', '1:4', 'function `int`: a text or value that is no number'],
  ['a\nb {{ atoi .number }}', '2:6', 'function `atoi`: a text or value that is no number'],
  ['{{ float64 .key }}', '1:4', 'function `float64`: a text or value that is no number'],
  ['{{ add .key 1 }}', '1:4', 'function `add`: a text or value that is no number'],
  ['{{ fromJson .json }}', '1:4', 'function `fromJson`: it is not JSON'],
  ['{{ index .key 99 }}', '1:4', 'function `index`: the index is out of range'],
  ['{{ index .key .key }}', '1:4', 'function `index`: the index must be an integer'],
  ['{{ index (list 1) .key }}', '1:4', 'function `index`: the index must be an integer'],
  ['{{ (fromJson .json).key }}', '1:5', 'function `fromJson`: it is not JSON'],
  ['{{ substr 50 60 .key }}', '1:4', 'function `substr`: an index is out of range'],
  ['{{ slice (list .key) 5 }}', '1:4', 'function `slice`: an index is out of range'],
  ['{{ repeat .key "x" }}', '1:11', 'function `repeat`: argument 1 must be an int'],
  ['{{ ternary 1 2 .key }}', '1:16', 'function `ternary`: argument 3 must be a boolean'],
  ['{{ lt .key 1 }}', '1:4', 'function `lt`: the types have no order'],
  ['{{ eq .key 1 }}', '1:4', 'function `eq`: the types cannot be compared'],
  [
    '{{ printf "%d" .key }}',
    '1:4',
    'function `printf`: a verb of the format, or one of its flags, does not suit its argument',
  ],
  ['{{ printf .key .key }}', '1:4', 'function `printf`: more arguments than verbs'],
  [
    '{{ printf (print "%" .key) 1 }}',
    '1:4',
    'function `printf`: a verb of the format, or one of its flags, does not suit its argument',
  ],
  ['{{ .key.hunter }}', '1:4', 'only a map has fields'],
  ['{{ range .key }}{{ end }}', '1:4', 'range needs a map, a list or a number'],
  ['{{ len 1 }}', '1:4', 'function `len`: only a string, a list or a map has a length'],
  ['{{ fail .key }}', '1:4', 'function `fail`: its message would show a value'],
  ['{{ env "HOME" }}', '1:4', 'function `env`: it reads the environment or the network'],
  ['{{ .missing }}', '1:4', 'nothing to print: there is no such key'],
  ['{{ .missing | quote }}', '1:15', 'function `quote`: what comes before `|` is not there'],
  ['☃𝄞{{ if }}', '1:9', 'if needs a value'],
])('%s is refused at %s', (template, place, words) => {
  const error = refusal(template)
  expect(error?.code).toBe('template')
  expect(error?.path).toEqual(['spec', 'template', 'data', 'url'])
  expect(error?.message).toBe(`template \`url\`, ${place}: ${words}`)
  if (error) expect(shown(error)).not.toContain('hunter')
})

test.each([
  '{{ hunter2 }}',
  '{{ .hunter2 }}',
  '{{ $hunter2 }}',
  '{{ $hunter2 = 1 }}',
  '{{ template "hunter2" }}',
  '{{ "hunter2',
  '{{ `hunter2',
  '{{ "\\hunter2" }}',
  "{{ 'hunter2' }}",
  '{{ 1hunter2 }}',
  '{{ print "hunter2" "x"y }}',
  '{{ b64dec "hunter2" }}',
  '{{ define "hunter2" }}a{{ end }}{{ define "hunter2" }}b{{ end }}',
  '{{/* hunter2',
  '{{/* hunter2 */ x}}',
  '{{ hunter2: 1 }}',
  'hunter2 {{ end }}',
  '{{ if 1 }}hunter2',
])('%s: nothing of the template is told but functions and keywords', (template) => {
  const error = refusal(template)
  expect(error?.code).toBe('template')
  if (error) expect(shown(error)).not.toMatch(/hunter|unter2/)
})

test('no generated template tells a value', () => {
  const data = fc.constantFrom(...['', '{"a":', '12', '%'].map((text) => Buffer.from(text + CANARY)))
  fc.assert(
    fc.property(generated, data, ({ template }, value) => {
      const keys = ['a', 'b', 'num', 'list', 'json', 'd-e']
      const error = refusal(template, new Map(keys.map((key) => [key, value])))
      if (error) expect(shown(error)).not.toContain(CANARY)
    }),
    { numRuns: 2_000 },
  )
})
