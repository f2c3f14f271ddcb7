import { describe, expect, test } from 'vitest'
import { sealedSecretObject, yamlText } from '../../../../../shared/format/write.ts'
import { findTarget, withDocument } from '../../../../../shared/ops/edit/target.ts'
import { sealedOf } from './files.ts'

const good = yamlText(sealedSecretObject(await sealedOf({ user: 'u' })))
const moved = good.replace('name: db', 'name: other')
const codes = (text: string, name?: string) =>
  findTarget('f.yaml', text, name).findings.map(({ code, line }) => `${code} ${line ?? '-'}`)
const found = (text: string, name?: string) => {
  const { target } = findTarget('f.yaml', text, name)
  return target && `${target.source.line} ${target.path.join('.')} ${target.sealed.name}`
}

test('the only one, wherever it stands', () => {
  expect(found(good)).toBe('1  db')
  expect(found(`a: b\n---\n{{ x }}\n---\n${good}`)).toBe('4  db')
  const list = { apiVersion: 'v1', kind: 'List', items: [{ kind: 'A' }, sealedSecretObject] }
  expect(codes(JSON.stringify(list))).toEqual(['sealed-kind -'])
})

test('one of a list', async () => {
  const object = sealedSecretObject(await sealedOf({ user: 'u' }))
  const { kind: _, ...bare } = object
  const version = 'waxwing.dev/v1alpha1'
  expect(found(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{}, object] }))).toBe('1 items.1 db')
  expect(found(JSON.stringify({ apiVersion: version, kind: 'SealedSecretList', items: [bare] }))).toBe(
    '1 items.0 db',
  )
})

describe('one of several', () => {
  const two = `${good}---\n${good.replace('namespace: shop', 'namespace: blog')}---\n${moved}`
  test('by name, or namespace and name', () => {
    expect(codes(two)).toEqual(['edit-target 1'])
    expect(codes(two, 'db')).toEqual(['edit-target 1'])
    expect(codes(two, 'nowhere')).toEqual(['edit-target 1'])
    expect(found(two, 'shop/db')).toBe('1  db')
    expect(codes(two, 'other')).toEqual(['moved 49'])
  })

  test('the others keep every byte', () => {
    const { target } = findTarget('f.yaml', two, 'shop/db')
    expect(target && withDocument(target, '# mine\n')).toBe(two.replace(good, '# mine\n'))
  })
})

describe('refused before anything is touched', () => {
  test.each([
    ['nothing of ours', 'a: b\n', ['sealed-kind -']],
    ['no YAML', 'waxwing.dev: "\n', ['yaml-syntax 2']],
    ['malformed', good.replace('scope: strict', 'scope: world'), ['malformed 7']],
    ['moved', moved, ['moved 11']],
    ['unknown suite', good.replace('xwing-', 'rot-'), ['unknown-suite 10']],
    ['a Helm action in quotes', good.replace('name: db', 'name: "{{ .Release.Name }}"'), ['helm-template 4']],
    [
      'a Helm action in a label',
      good.replace('  name:', '  labels: { a: "{{ x }}" }\n  name:'),
      ['helm-template 4'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(codes(text)).toEqual(expected)
  })

  test('but not our own templates', () => {
    expect(found(`${good}  template: { data: { url: "{{ .user }}" } }\n`)).toBe('1  db')
  })
})
