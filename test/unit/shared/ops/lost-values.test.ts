import { expect, test } from 'vitest'
import type { SealedSecret } from '../../../../shared/format/sealed-secret.ts'
import { sealedSecretObject, yamlText } from '../../../../shared/format/write.ts'
import { lostValues, placeOf } from '../../../../shared/ops/lost-values.ts'
import { sealedOf } from './edit/files.ts'

const one = await sealedOf({ user: 'u', password: 'p' })
const again = await sealedOf({ user: 'u', password: 'p' }, 7)
const text = (...objects: SealedSecret[]) =>
  objects.map((object) => yamlText(sealedSecretObject(object))).join('---\n')
const templated = (url: string): SealedSecret => ({
  ...one,
  template: { ...one.template, data: new Map([['url', url]]) },
})

const anew = (...keys: string[]) => new Set(keys.map((key) => placeOf('shop', 'db', key)))

test.each([
  ['the same values', text(one), text(one), '', anew(), []],
  ['sealed again from their source', text(one), text(again), '', anew('user', 'password'), []],
  ['one that the source does not have', text(one), text(again), '', anew('user'), ['password']],
  ['all of it committed', text(one), text(again), text(one), anew(), []],
  ['committed, but under other ciphertext', text(one), '', text(again), anew(), ['user', 'password']],
  ['an object that is gone', text(one), 'a: b\n', '', anew(), ['user', 'password']],
  ['a template', text(templated('a')), text(one), text(one), anew('user', 'password', 'url'), ['url']],
  ['a template of another text', text(templated('a')), text(one), text(templated('b')), anew(), ['url']],
  ['a template that is committed', text(templated('a')), text(one), text(templated('a')), anew(), []],
  ['what nobody can open', 'kind: SealedSecret # waxwing.dev\n', '', '', anew(), []],
  ['what is no YAML', 'waxwing.dev: [\n', '', '', anew(), []],
])('%s', (_what, before, after, committed, sealedAnew, lost) => {
  expect(lostValues('f.yaml', { before, after, committed }, sealedAnew)).toEqual(lost)
})
