import { describe, expect, test } from 'vitest'
import { fieldRequirements, labelSelector } from '../../../../shared/sandbox/selectors.ts'

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'back', n: '5', 'x.y/z': '' }
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=db', false],
    ['app!=db', true],
    ['absent!=x', true],
    ['app in (web, db)', true],
    ['app in (db)', false],
    ['app notin (db),tier=back', true],
    ['app notin (web,db)', false],
    ['absent notin (a)', true],
    ['absent in (a)', false],
    ['app', true],
    ['absent', false],
    ['!absent', true],
    ['!app', false],
    ['x.y/z=', true],
    ['n>4', true],
    ['n<4', false],
    ['app=web,tier in (front,back),!absent', true],
  ])('%s: %s', (selector, selected) => {
    expect(labelSelector(selector)(labels)).toBe(selected)
  })

  test('what cannot be read is a bad request', () => {
    expect(() => labelSelector('a b c')).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code: 400 }) }),
    )
  })
})

test('field selectors', () => {
  expect(fieldRequirements('metadata.name=a,type!=Opaque,reason==R')).toEqual([
    { field: 'metadata.name', value: 'a', equal: true },
    { field: 'type', value: 'Opaque', equal: false },
    { field: 'reason', value: 'R', equal: true },
  ])
  expect(() => fieldRequirements('nonsense')).toThrow()
})
