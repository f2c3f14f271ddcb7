import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../shared/sandbox/start.ts'
import { type Kubectl, kubectlWith } from './kubectl.ts'

/** Real kubectl against the embedded API server. */

let sandbox: Sandbox
let kubectl: Kubectl

beforeAll(async () => {
  sandbox = await startSandbox()
  kubectl = await kubectlWith(sandbox.kubeconfig())
  await kubectl.run(`apply -f ${join(import.meta.dirname, '../../charts/waxwing/crds')}`)
  await kubectl.run('create namespace shop')
})

afterAll(async () => {
  await kubectl?.remove()
  await sandbox?.stop()
})

const sealed = (name: string, spec: object = {}) => ({
  apiVersion: 'waxwing.dev/v1alpha1',
  kind: 'SealedSecret',
  metadata: { name, namespace: 'shop' },
  spec: { scope: 'strict', envelopes: [], data: { a: 'x' }, ...spec },
})
const configMap = (name: string, data: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', ...metadata },
  data,
})
const json = async (args: string) => JSON.parse(await kubectl.run(`${args} -o json`))

describe('about the server', () => {
  test('version, api-resources, whoami, can-i, explain', async () => {
    expect(await kubectl.run('version')).toContain('Server Version: v1.37')
    const resources = await kubectl.run('api-resources')
    expect(resources).toMatch(/^sealedsecrets +wxs +waxwing\.dev\/v1alpha1 +true +SealedSecret$/m)
    expect(resources).toMatch(/^secrets +v1 +true +Secret$/m)
    expect(await kubectl.run('auth whoami')).toContain('admin')
    expect(await kubectl.run('auth can-i create secrets')).toBe('yes')
    expect(await kubectl.run('explain sealedsecrets.spec.scope')).toContain('What the values are bound to')
  })

  test('a wrong token is refused', async () => {
    expect(await kubectl.fail('get secrets --token=wrong')).toContain('You must be logged in to the server')
  })
})

describe('reading', () => {
  test('get as table, name, YAML, JSONPath, by label and field, and a page at a time', async () => {
    for (const name of ['r1', 'r2', 'r3']) {
      await kubectl.run(`create secret generic ${name} -n shop --from-literal=k=v`)
    }
    await kubectl.run('label secret r1 -n shop app=web')
    expect(await kubectl.run('get secrets -n shop')).toMatch(/^NAME +TYPE +DATA +AGE\nr1 +Opaque +1 +\d+s/)
    expect(await kubectl.run('get secrets -A --chunk-size=1 -o name')).toBe('secret/r1\nsecret/r2\nsecret/r3')
    expect(await kubectl.run('get secret r1 -n shop -o yaml')).toContain('k: dg==')
    expect(await kubectl.run("get secret r1 -n shop -o 'jsonpath={.data.k}'")).toBe('dg==')
    expect(await kubectl.run('get secrets -n shop -l app=web -o name')).toBe('secret/r1')
    expect(await kubectl.run('get secrets -n shop --field-selector metadata.name=r2 -o name')).toBe(
      'secret/r2',
    )
    expect(await kubectl.fail('get secret none -n shop')).toBe(
      'Error from server (NotFound): secrets "none" not found',
    )
    expect(await kubectl.run('get --raw /readyz')).toBe('ok')
  })

  test('get -w follows', async () => {
    const following = kubectl.follow('get configmaps -n shop -w -o name', 3)
    while (sandbox.openWatches() === 0) await sleep(20)
    await kubectl.run('create configmap watched -n shop --from-literal=a=b')
    await kubectl.run('label configmap watched -n shop x=y')
    await kubectl.run('delete configmap watched -n shop')
    // One line for each of: added, changed, deleted.
    expect(await following).toEqual(Array(3).fill('configmap/watched'))
  })

  test('get -w in a table says its columns once', async () => {
    await kubectl.run('apply -f -', sealed('rows'))
    const following = kubectl.follow('get wxs rows -n shop -w', 3)
    while (sandbox.openWatches() === 0) await sleep(20)
    await kubectl.run('label wxs rows -n shop x=y')
    const lines = await following
    expect(lines[0]).toMatch(/^NAME +READY +REASON +SCOPE +AGE$/)
    expect(lines.slice(1).every((line) => line.startsWith('rows '))).toBe(true)
  })

  test('describe, with the events about it', async () => {
    await kubectl.run('apply -f -', sealed('described'))
    const { metadata } = await json('get wxs described -n shop')
    await kubectl.run('create -f -', {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'told', namespace: 'shop' },
      eventTime: new Date().toISOString().replace('Z', '000Z'),
      reportingController: 'waxwing.dev/controller',
      reportingInstance: 'test',
      action: 'Reconcile',
      reason: 'Tampered',
      type: 'Warning',
      note: 'a value does not open',
      regarding: {
        apiVersion: 'waxwing.dev/v1alpha1',
        kind: 'SealedSecret',
        name: 'described',
        namespace: 'shop',
        uid: metadata.uid,
      },
    })
    const described = await kubectl.run('describe wxs described -n shop')
    expect(described).toMatch(/Kind: +SealedSecret/)
    expect(described).toMatch(/Warning +Tampered .*a value does not open/)
    expect(await kubectl.run('get events -n shop')).toMatch(
      /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Warning +Tampered +sealedsecret\/described +a value does not open$/,
    )
    expect(await kubectl.run('events -n shop --for sealedsecrets.waxwing.dev/described')).toContain(
      'Tampered',
    )
    expect(await kubectl.run('describe secret r1 -n shop')).toContain('k:  1 bytes')
    expect(await kubectl.run('describe namespace shop')).toMatch(/Status: +Active/)
  })
})

describe('writing', () => {
  test('create of namespaces, Secrets, ConfigMaps, accounts, roles and services', async () => {
    expect(await kubectl.run('create namespace made')).toBe('namespace/made created')
    await kubectl.run('create secret generic a -n made --from-literal=x=y --type=test.dev/kind')
    await kubectl.run('create configmap a -n made --from-literal=x=y')
    await kubectl.run('create serviceaccount a -n made')
    await kubectl.run('create role a -n made --verb=get,list --resource=secrets')
    await kubectl.run('create rolebinding a -n made --role=a --serviceaccount=made:a')
    await kubectl.run('create clusterrole a --verb=get --resource=sealingkeys.waxwing.dev')
    await kubectl.run('create service clusterip a -n made --tcp=80:http')
    expect((await json('get secret a -n made')).data).toEqual({ x: 'eQ==' })
    expect((await json('get secret a -n made')).type).toBe('test.dev/kind')
    expect((await json('get role a -n made')).rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] },
    ])
    expect((await json('get rolebinding a -n made')).subjects).toEqual([
      { kind: 'ServiceAccount', name: 'a', namespace: 'made' },
    ])
    expect((await json('get service a -n made')).spec.ports).toEqual([
      { name: '80-http', port: 80, protocol: 'TCP', targetPort: 'http' },
    ])
    expect(await kubectl.fail('create namespace made')).toBe(
      'Error from server (AlreadyExists): namespaces "made" already exists',
    )
    expect(await kubectl.fail('create configmap a -n nowhere')).toContain('namespaces "nowhere" not found')
  })

  test('apply of built-in objects: created, unchanged, configured, and what is left out goes', async () => {
    const first = configMap('applied', { a: '1', b: '2' }, { labels: { l: 'm', n: 'o' } })
    expect(await kubectl.run('apply -f -', first)).toBe('configmap/applied created')
    expect(await kubectl.run('apply -f -', first)).toBe('configmap/applied unchanged')
    await kubectl.run(`patch configmap applied -n shop -p '{"data":{"other":"3"}}'`)
    const second = configMap('applied', { a: '4' }, { labels: { l: 'm' } })
    expect(await kubectl.run('apply -f -', second)).toBe('configmap/applied configured')
    const { data, metadata } = await json('get configmap applied -n shop')
    expect(data).toEqual({ a: '4', other: '3' })
    expect(metadata.labels).toEqual({ l: 'm' })
  })

  test('apply merges the containers of a Deployment by name', async () => {
    const deployment = (image: string, more: object[] = []) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image, env: [{ name: 'A', value: image }] }, ...more] },
        },
      },
    })
    await kubectl.run('apply -f -', deployment('one', [{ name: 'side', image: 'x' }]))
    await kubectl.run('set image deployment/web -n shop side=y')
    await kubectl.run('apply -f -', deployment('two'))
    const { spec, metadata } = await json('get deployment web -n shop')
    expect(spec.template.spec.containers).toEqual([
      { name: 'web', image: 'two', env: [{ name: 'A', value: 'two' }] },
    ])
    expect(metadata.generation).toBe(3)
  })

  test('apply of custom resources, validated by the server', async () => {
    expect(await kubectl.run('apply -f -', sealed('custom'))).toBe('sealedsecret.waxwing.dev/custom created')
    expect(await kubectl.run('apply -f -', sealed('custom'))).toBe(
      'sealedsecret.waxwing.dev/custom unchanged',
    )
    const changed = sealed('custom', { scope: 'cluster', data: { b: 'y' } })
    expect(await kubectl.run('apply -f -', changed)).toBe('sealedsecret.waxwing.dev/custom configured')
    expect((await json('get wxs custom -n shop')).spec).toEqual({
      scope: 'cluster',
      envelopes: [],
      data: { b: 'y' },
    })
    expect(await kubectl.fail('apply -f -', sealed('custom', { scope: 'no' }))).toContain(
      'spec.scope: Unsupported value: "no": supported values: "strict", "namespace", "cluster"',
    )
    expect(await kubectl.fail('apply -f -', sealed('custom', { odd: 1 }))).toContain(
      'strict decoding error: unknown field "spec.odd"',
    )
    expect(await kubectl.fail('apply -f -', { ...configMap('odd', {}), dat: {} })).toContain(
      'unknown field "dat"',
    )
  })

  test('apply --server-side: fields go, conflicts are told, and a change from client-side loses nothing', async () => {
    const apply = 'apply --server-side -f -'
    expect(await kubectl.run(apply, configMap('served', { a: '1', b: '2' }))).toBe(
      'configmap/served serverside-applied',
    )
    await kubectl.run(apply, configMap('served', { a: '1' }))
    expect((await json('get configmap served -n shop')).data).toEqual({ a: '1' })
    await kubectl.run(`patch configmap served -n shop -p '{"data":{"a":"2"}}'`)
    const refused = await kubectl.fail(apply, configMap('served', { a: '1' }))
    expect(refused).toContain('conflict with "kubectl-patch" using v1')
    await kubectl.run(`${apply} --force-conflicts`, configMap('served', { a: '1' }))
    expect((await json('get configmap served -n shop')).data).toEqual({ a: '1' })
    await kubectl.run('apply -f -', configMap('changing', { a: '1', b: '2' }))
    await kubectl.run(apply, configMap('changing', { a: '1' }))
    expect((await json('get configmap changing -n shop')).data).toEqual({ a: '1' })
    await kubectl.run(apply, sealed('served'))
    expect((await json('get wxs served -n shop')).spec.data).toEqual({ a: 'x' })
  })

  test('diff, replace, dry runs, label, annotate, and three kinds of patch', async () => {
    await kubectl.run('apply -f -', configMap('changed', { a: '1' }))
    expect(await kubectl.run('apply --dry-run=server -f -', configMap('changed', { a: '2' }))).toBe(
      'configmap/changed configured (server dry run)',
    )
    await kubectl.run('replace -f -', configMap('changed', { a: '3' }))
    await kubectl.run('label configmap changed -n shop x=y')
    await kubectl.run('annotate configmap changed -n shop x=z')
    await kubectl.run('label configmap changed -n shop x-')
    await kubectl.run(`patch configmap changed -n shop --type=merge -p '{"data":{"b":"4"}}'`)
    await kubectl.run(`patch configmap changed -n shop --type=json -p '[{"op":"remove","path":"/data/a"}]'`)
    await kubectl.run(`patch configmap changed -n shop --type=strategic -p '{"data":{"c":"5"}}'`)
    const { data, metadata } = await json('get configmap changed -n shop')
    expect(data).toEqual({ b: '4', c: '5' })
    expect(metadata.annotations.x).toBe('z')
    expect(metadata).not.toHaveProperty('labels')
    const differs = await kubectl.fail('diff -f -', configMap('changed', { b: '5', c: '5' }))
    expect(differs).toMatch(/^- {2}b: "4"\n\+ {2}b: "5"$/m)
  })
})

describe('waiting and deleting', () => {
  test('wait for a condition, a value and a deletion', async () => {
    await kubectl.run('apply -f -', sealed('awaited'))
    expect(await kubectl.fail('wait --for=condition=Ready wxs/awaited -n shop --timeout=1s')).toContain(
      'timed out',
    )
    const waits = [
      kubectl.run('wait --for=condition=Ready wxs/awaited -n shop --timeout=20s'),
      kubectl.run("wait '--for=jsonpath={.status.observedGeneration}=1' wxs/awaited -n shop --timeout=20s"),
    ]
    const condition = {
      type: 'Ready',
      status: 'True',
      reason: 'Test',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    }
    const status = JSON.stringify({ status: { observedGeneration: 1, conditions: [condition] } })
    await kubectl.run(`patch wxs awaited -n shop --subresource=status --type=merge -p '${status}'`)
    for (const wait of waits) expect(await wait).toContain('condition met')
    expect(await kubectl.run('get wxs awaited -n shop')).toMatch(/awaited +True +Test +strict/)
    const gone = kubectl.run('wait --for=delete wxs/awaited -n shop --timeout=20s')
    await kubectl.run('delete wxs awaited -n shop --wait=false')
    await gone
    expect(await kubectl.run('wait --for=condition=Established crd/sealedsecrets.waxwing.dev')).toContain(
      'met',
    )
  })

  test('delete by name, label and file; dependents follow', async () => {
    await kubectl.run('apply -f -', configMap('owner', {}))
    const { metadata } = await json('get configmap owner -n shop')
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: metadata.uid }]
    await kubectl.run('apply -f -', configMap('owned', {}, { ownerReferences, labels: { kin: 'yes' } }))
    await kubectl.run('delete -f -', configMap('owner', {}))
    await kubectl.run('wait --for=delete configmap/owned -n shop --timeout=20s')
    await kubectl.run('apply -f -', configMap('l1', {}, { labels: { kin: 'yes' } }))
    expect(await kubectl.run('delete configmap -n shop -l kin=yes')).toBe('configmap "l1" deleted')
    await kubectl.run('apply -f -', configMap('front', {}))
    await kubectl.run('delete configmap front -n shop --cascade=foreground')
    expect(await kubectl.fail('delete configmap front -n shop')).toContain('NotFound')
    await kubectl.run('delete configmap front -n shop --ignore-not-found')
  })

  test('delete a namespace with all that is in it, and a definition with its objects', async () => {
    await kubectl.run('create namespace passing')
    await kubectl.run('create secret generic a -n passing')
    expect(await kubectl.run('delete namespace passing')).toBe('namespace "passing" deleted')
    expect(await kubectl.fail('get namespace passing')).toContain('NotFound')
    expect(await kubectl.run('get secrets -n passing')).toBe('')
    expect(await kubectl.fail('delete namespace default')).toContain('this namespace may not be deleted')
    await kubectl.run('delete crd sealedsecrets.waxwing.dev')
    expect(await kubectl.fail('get sealedsecrets -n shop')).toContain(
      'the server could not find the requested resource',
    )
  })
})
