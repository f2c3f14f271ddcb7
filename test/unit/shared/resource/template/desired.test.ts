import { expect, test } from 'vitest'
import { emptyTemplate, type SealedSecret } from '../../../../../shared/format/sealed-secret.ts'
import { desiredSecret } from '../../../../../shared/resource/desired.ts'

function sealedWith(templates: Record<string, string>): SealedSecret {
  return {
    name: 'db',
    namespace: 'shop',
    scope: 'strict',
    labels: new Map(),
    annotations: new Map(),
    envelopes: [],
    data: new Map(),
    template: { ...emptyTemplate(), data: new Map(Object.entries(templates)) },
  }
}

const values = new Map([
  ['user', Buffer.from('app')],
  ['password', Buffer.from('p&w')],
])
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('a Secret has its values and what its templates make of them', () => {
  const sealed = sealedWith({
    url: 'db://{{ .user }}:{{ .password | urlquery }}@db',
    user: '{{ .user | upper }}',
  })
  expect(desiredSecret(sealed, values).data).toEqual({
    user: base64('APP'),
    password: base64('p&w'),
    url: base64('db://app:p%26w@db'),
  })
})

test('a template does not see what another one makes', () => {
  const sealed = sealedWith({ user: 'other', url: '{{ .user }}' })
  expect(desiredSecret(sealed, values).data.url).toBe(base64('app'))
  expect(() => desiredSecret(sealedWith({ a: 'x', b: '{{ .a }}' }), values)).toThrow('no such key')
})

test('all templates of one object share the budget', () => {
  const loop = '{{ range until 15000 }}{{ end }}'
  expect(() => desiredSecret(sealedWith({ a: loop }), values)).not.toThrow()
  expect(() => desiredSecret(sealedWith({ a: loop, b: loop, c: loop }), values)).toThrow('100000 steps')
})

test('the results count together towards the size of a Secret', () => {
  const half = `{{ repeat 600000 "x" }}`
  expect(() => desiredSecret(sealedWith({ a: half, b: half }), values)).toThrow(
    expect.objectContaining({ code: 'too-large' }) as Error,
  )
})
