import { expect, test } from 'vitest'
import type { SecretObject } from '../../../controller/objects.ts'
import { editorsOf } from '../../../controller/reconcile/editors.ts'

const fields = (...paths: string[][]) => {
  const root: Record<string, unknown> = {}
  for (const path of paths) {
    let at = root
    for (const step of path) {
      at[step] ??= {}
      at = at[step] as Record<string, unknown>
    }
  }
  return root
}
const secret = (...managed: [string, unknown][]): SecretObject => ({
  metadata: { name: 'db', managedFields: managed.map(([manager, fieldsV1]) => ({ manager, fieldsV1 })) },
})

test.each<[string, SecretObject, string[], string[]]>([
  ['a value', secret(['kubectl-edit', fields(['f:data', 'f:a'])]), ['data.a'], ['kubectl-edit']],
  ['a name with dots', secret(['x', fields(['f:data', 'f:tls.crt'])]), ['data.tls.crt'], ['x']],
  ['a label', secret(['x', fields(['f:metadata', 'f:labels', 'f:app'])]), ['labels.app'], ['x']],
  [
    'the owner',
    secret(['x', fields(['f:metadata', 'f:ownerReferences', 'k:{}'])]),
    ['ownerReferences'],
    ['x'],
  ],
  ['its freezing', secret(['x', fields(['f:immutable'])]), ['immutable'], ['x']],
  ['another value', secret(['x', fields(['f:data', 'f:b'])]), ['data.a'], []],
  ['our own', secret(['waxwing-controller', fields(['f:data', 'f:a'])]), ['data.a'], []],
  [
    'several',
    secret(['y', fields(['f:data', 'f:a'])], ['x', fields(['f:data', 'f:b'])]),
    ['data.a', 'data.b'],
    ['x', 'y'],
  ],
  ['odd names', secret(['a\nb', fields(['f:data', 'f:a'])]), ['data.a'], ['a?b']],
  ['nothing told', { metadata: { name: 'db' } }, ['data.a'], []],
  ['nonsense', secret(['x', 'text'], ['y', null]), ['data.a'], []],
])('%s', (_what, object, changed, expected) => {
  expect(editorsOf(object, changed)).toEqual(expected)
})
