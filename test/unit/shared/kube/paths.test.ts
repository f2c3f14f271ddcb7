import { describe, expect, test } from 'vitest'
import { collectionPath, creationPath, objectPath } from '../../../../shared/kube/paths.ts'
import { CRDS, EVENTS, SEALED_SECRETS, SEALING_KEYS, SECRETS } from '../../../../shared/kube/resources.ts'

describe('paths', () => {
  test.each([
    [collectionPath(SECRETS), '/api/v1/secrets'],
    [collectionPath(SECRETS, 'team'), '/api/v1/namespaces/team/secrets'],
    [collectionPath(EVENTS, 'team'), '/apis/events.k8s.io/v1/namespaces/team/events'],
    [collectionPath(SEALING_KEYS), '/apis/waxwing.dev/v1alpha1/sealingkeys'],
    [objectPath(CRDS, { name: 'a.b' }), '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.b'],
    [
      objectPath(SEALED_SECRETS, { namespace: 'team', name: 'db' }, {}, 'status'),
      '/apis/waxwing.dev/v1alpha1/namespaces/team/sealedsecrets/db/status',
    ],
    [creationPath(SECRETS, { namespace: 'team', name: 'db' }), '/api/v1/namespaces/team/secrets'],
  ])('%s', (actual, expected) => expect(actual).toBe(expected))

  test('every segment and query value is encoded', () => {
    expect(objectPath(SECRETS, { namespace: 'a/b', name: 'c?d#e' })).toBe(
      '/api/v1/namespaces/a%2Fb/secrets/c%3Fd%23e',
    )
    expect(
      collectionPath(SECRETS, undefined, {
        labelSelector: 'a=b,c in (d)',
        limit: 500,
        watch: true,
        none: undefined,
      }),
    ).toBe('/api/v1/secrets?labelSelector=a%3Db%2Cc%20in%20(d)&limit=500&watch=true')
  })

  test.each(['', '.', '..'])('a segment that is not one is refused: "%s"', (text) => {
    expect(() => objectPath(SECRETS, { namespace: 'team', name: text })).toThrow(TypeError)
    expect(() => objectPath(SECRETS, { namespace: text, name: 'db' })).toThrow(TypeError)
    expect(() => creationPath(SECRETS, { namespace: 'team', name: text })).toThrow(TypeError)
  })

  test('a namespace where it belongs, and only there', () => {
    expect(() => objectPath(SECRETS, { name: 'db' })).toThrow(TypeError)
    expect(() => objectPath(SEALING_KEYS, { namespace: 'team', name: 'key' })).toThrow(TypeError)
  })
})
