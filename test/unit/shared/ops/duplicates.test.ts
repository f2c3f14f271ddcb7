import { describe, expect, test } from 'vitest'
import { findDuplicates } from '../../../../shared/ops/duplicates.ts'
import { nothingVerified, type SealedUse } from '../../../../shared/ops/verify-stream.ts'

const use = (file: string, line: number, rest: Partial<SealedUse> = {}): SealedUse => ({
  sealed: undefined as never, // is not looked at
  namespace: 'shop',
  name: 'db',
  recipients: ['one', 'both'],
  file,
  line,
  column: 3,
  ...rest,
})
const found = (...sealed: SealedUse[]) =>
  findDuplicates(sealed.map((one) => ({ ...nothingVerified(), sealed: [one] })))
const duplicate = (severity: string, file: string, line: number, other: string) => ({
  code: 'duplicate',
  severity,
  file,
  line,
  column: 3,
  args: { name: 'shop/db', other },
})

describe('the same name', () => {
  test('in one file fails, whoever can open it', () => {
    expect(found(use('a', 1), use('a', 9, { recipients: ['two'] }))).toEqual([
      duplicate('fail', 'a', 9, 'a:1'),
    ])
  })

  test('in two files warns where somebody can open both', () => {
    const second = use('b', 2, { recipients: ['two', 'both'] })
    expect(found(use('a', 1), second)).toEqual([duplicate('warn', 'b', 2, 'a:1')])
    expect(found(use('a', 1, { recipients: [] }), use('b', 2, { recipients: [] }))).toHaveLength(1)
  })

  test('for different clusters is none', () => {
    expect(found(use('a', 1), use('b', 2, { recipients: ['two'] }))).toEqual([])
  })

  test('a third time names the first', () => {
    expect(found(use('a', 1), use('b', 2), use('c', 3))).toEqual([
      duplicate('warn', 'b', 2, 'a:1'),
      duplicate('warn', 'c', 3, 'a:1'),
    ])
  })
})

test('other names, other namespaces, no name', () => {
  expect(found(use('a', 1), use('a', 2, { name: 'dc' }), use('a', 3, { namespace: 'x' }))).toEqual([])
  expect(found(use('a', 1, { name: '' }), use('a', 2, { name: '' }))).toEqual([])
})
