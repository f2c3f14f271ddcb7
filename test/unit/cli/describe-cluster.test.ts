import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toPlain } from '../../../shared/format/plain.ts'
import { parseYaml } from '../../../shared/format/yaml.ts'
import { openShell, type Shell } from '../../support/shell.ts'
import { secretText } from '../shared/ops/secrets.ts'
import { prod, sealText } from '../shared/ops/streams.ts'
import { type Answers, type ApiServer, startApiServer } from './api-server.ts'

const PATH = '/apis/waxwing.dev/v1alpha1/namespaces/shop/sealedsecrets/db'
const text = await sealText(secretText('stringData: { password: x }'))
const root = parseYaml(text)
const object = root ? (toPlain(root).data as object) : {}
const ready = { type: 'Ready', status: 'True', reason: 'Sealed', lastTransitionTime: '2026-11-02T10:00:00Z' }
const withConditions = (...conditions: object[]) =>
  JSON.stringify({ ...object, status: { observedGeneration: 1, conditions } })

let shell: Shell
let server: ApiServer | undefined

beforeEach(() => {
  shell = openShell()
})
afterEach(async () => {
  shell.remove()
  await server?.close()
})

async function describeWith(answers: Answers, args: string) {
  server = await startApiServer(answers)
  writeFileSync(join(shell.folder, 'config'), server.kubeconfig)
  writeFileSync(join(shell.folder, 'db.yaml'), text)
  return shell.warm(`waxwing describe --kubeconfig config ${args}`)
}

const line = (stdout: string, label: string) => stdout.split('\n').find((one) => one.startsWith(label))

test('by its name, from the cluster', async () => {
  const { code, stdout } = await describeWith({ [PATH]: { body: withConditions(ready) } }, 'shop/db')
  expect(code).toBe(0)
  expect(stdout).toBe(
    [
      'Name:        db   Namespace: shop   Scope: strict',
      'Type:        Opaque',
      'Values:      password   sealed 2026-11-24',
      `Recipients:  -   ${prod.key.id}`,
      'Cluster:     Ready since 2026-11-02',
      '',
    ].join('\n'),
  )
})

test('by a name in the namespace of -n', async () => {
  const { stdout } = await describeWith({ [PATH]: { body: withConditions(ready) } }, '-n shop db')
  expect(line(stdout, 'Name')).toContain('Namespace: shop')
})

test.each([
  [[ready], 'Cluster:     Ready since 2026-11-02 (context prod)'],
  [
    [{ ...ready, status: 'False', reason: 'Moved' }],
    'Cluster:     not Ready: Moved since 2026-11-02 (context prod)',
  ],
  [[], 'Cluster:     not looked at by a controller (context prod)'],
])('a file, with how it stands there: %j', async (conditions, expected) => {
  const answers = { [PATH]: { body: withConditions(...conditions) } }
  const { stdout } = await describeWith(answers, '--context prod db.yaml')
  expect(line(stdout, 'Cluster')).toBe(expected)
})

test('a file that is not applied', async () => {
  const { code, stdout } = await describeWith({}, '--cluster db.yaml')
  expect([code, line(stdout, 'Cluster')]).toEqual([0, 'Cluster:     not there'])
})

test('neither file nor object', async () => {
  const { code, stderr } = await describeWith({}, 'shop/nothing')
  expect(code).toBe(1)
  expect(stderr).toContain('error   there is no file and no SealedSecret shop/nothing [cluster]')
})

test('what the cluster holds is checked as a file is', async () => {
  const body = JSON.stringify({ ...object, spec: { scope: 'strict', odd: 1 } })
  const { code, stderr } = await describeWith({ [PATH]: { body } }, 'shop/db')
  expect(code).toBe(1)
  expect(stderr).toContain('error   shop/db: spec.odd: unknown field')
})
