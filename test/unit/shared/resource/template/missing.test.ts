import { describe, expect, test } from 'vitest'
import { SealError } from '../../../../../shared/errors.ts'
import { renderer } from '../../../../../shared/resource/render.ts'
import { missingUses } from '../../../../../shared/resource/template/missing.ts'

const KEYS = ['user', 'password', 'tls.crt']
const values = new Map(KEYS.map((key) => [key, Buffer.from('x')]))
const uses = (template: string) =>
  missingUses('t', template, (key) => KEYS.includes(key)).map(
    ({ at, key, what, dotted }) => `${at} ${key} ${what}${dotted ? ` ${dotted}` : ''}`,
  )

/** What the engine says of it with values at hand. */
function isRefused(template: string): boolean {
  try {
    renderer(values)('t', template)
    return false
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return true
  }
}

describe('refused whatever the values are', () => {
  test.each([
    ['{{ .pasword }}', ['3 pasword refused']],
    ['a\n  {{ .User }}:{{ .pass }}', ['7 User refused', '19 pass refused']],
    ['{{ .x | b64enc }}', ['3 x refused']],
    ['{{ b64enc .x }}', ['10 x refused']],
    ['{{ printf "%s:%s" .user .x }}', ['24 x refused']],
    ['{{ (printf "%s" .x) | quote }}', ['16 x refused']],
    ['{{ $.x }}', ['3 x refused']],
    ['{{ $x := .x }}{{ $x }}', ['9 x refused']],
    ['{{ .tls.crt }}', ['3 tls refused tls.crt']],
    ['{{ .x.y }}', ['3 x refused']],
    ['{{ if .x }}{{ else }}{{ .y }}{{ end }}', ['24 y refused']],
    ['{{ define "a" }}{{ .x }}{{ end }}{{ template "a" . }}', ['19 x refused']],
    ['{{ and .user .x | b64enc }}', []],
    ['{{ or .x .y }}', ['9 y refused']],
    ['{{ and .x .user }}', ['7 x refused']],
  ])('%s', (template, expected) => {
    expect(uses(template)).toEqual(expected)
    if (expected.length > 0) expect(isRefused(template)).toBe(true)
  })
})

describe('where that part is rendered', () => {
  test.each([
    ['{{ if .user }}{{ .x }}{{ end }}', ['17 x maybe']],
    ['{{ if not .ca }}{{ .x }}{{ end }}', ['19 x maybe']],
    ['{{ with .user }}{{ $.x }}{{ end }}', ['19 x maybe']],
    ['{{ range $k, $v := . }}{{ $.x }}{{ end }}', ['26 x maybe']],
    ['{{ if eq .user "a" }}{{ else }}{{ .x }}{{ end }}', ['34 x maybe']],
  ])('%s', (template, expected) => {
    expect(uses(template)).toEqual(expected)
  })
})

describe('an empty text without a word', () => {
  test.each([
    ['{{ index . "x" }}', ['3 x empty']],
    ['{{ index $ "tls.key" | b64enc }}', ['3 tls.key empty']],
    ['{{ "x" | index . }}', ['9 x empty']],
  ])('%s', (template, expected) => {
    expect(uses(template)).toEqual(expected)
    expect(isRefused(template)).toBe(false)
  })
})

describe('nothing to say', () => {
  test.each([
    'no action',
    '{{ .user }}{{ $.password }}{{ index . "tls.crt" }}',
    '{{ .port | default "5432" }}',
    '{{ default "5432" .port | quote }}',
    '{{ if .ca }}{{ .ca }}{{ end }}',
    '{{ with .ca }}{{ . }}{{ end }}',
    '{{ if and .ca .user }}{{ .ca }}{{ end }}',
    '{{ range .list }}{{ . }}{{ end }}',
    '{{ coalesce .a .b .user }}',
    '{{ or .a .user }}',
    '{{ index . "x" | default "y" }}',
    '{{ if index . "x" }}{{ .x }}{{ end }}',
    '{{ range $k, $v := . }}{{ $k }}={{ $v }}{{ end }}',
    '{{ $m := dict "a" "b" }}{{ $m.a }}',
    '{{ with dict "a" "b" }}{{ .a }}{{ end }}',
    '{{ define "a" }}{{ .x }}{{ end }}',
    '{{ define "a" }}{{ .x }}{{ end }}{{ template "a" (dict "x" "y") }}',
    '{{ $x := .x }}{{ $x = .user }}{{ $x }}',
    '{{ $x := .x }}{{ if .user }}{{ $x = .user }}{{ end }}{{ $x }}',
  ])('%s', (template) => {
    expect(uses(template)).toEqual([])
    expect(isRefused(template)).toBe(false)
  })

  test('templates that invoke each other, and many times', () => {
    expect(uses('{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}')).toEqual([])
    const many = Array.from(
      { length: 300 },
      (_, i) => `{{ define "t${i}" }}${`{{ template "t${i + 1}" . }}`.repeat(2)}{{ end }}`,
    )
    expect(uses(`${many.join('')}{{ template "t0" . }}`)).toEqual([])
  })
})
