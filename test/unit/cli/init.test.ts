import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { API_VERSION } from '../../../shared/format/sealed-secret.ts'
import { sealingKeyObject } from '../../../shared/keys/public.ts'
import { readPolicy } from '../../../shared/policy/read.ts'
import { type NamedKey, namedKey } from '../../support/keys.ts'
import { openShell, type Shell } from '../../support/shell.ts'
import { type ApiServer, KEYS_PATH, startApiServer } from './api-server.ts'

const prod = await namedKey('prod')
const staging = await namedKey('staging')
const AWS = 'arn:aws:eks:eu-west-1:1:cluster/Staging_2'

let shell: Shell
let servers: ApiServer[] = []

const answering = async ({ key }: NamedKey): Promise<ApiServer> => {
  const { apiVersion: _, kind: __, ...item } = sealingKeyObject(key, key.id)
  const list = {
    apiVersion: API_VERSION,
    kind: 'SealingKeyList',
    metadata: { resourceVersion: '1' },
    items: [item],
  }
  return startApiServer({ [KEYS_PATH]: { body: JSON.stringify(list) } })
}

beforeEach(async () => {
  shell = openShell()
  servers = await Promise.all([answering(prod), answering(staging)])
  const [one, two] = servers.map(({ url }) => url)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    clusters: [
      { name: 'one', cluster: { server: one } },
      { name: 'two', cluster: { server: two } },
    ],
    contexts: [
      { name: 'prod', context: { cluster: 'one' } },
      { name: AWS, context: { cluster: 'two' } },
    ],
  }
  writeFileSync(join(shell.folder, 'config'), JSON.stringify(config))
})

afterEach(async () => {
  shell.remove()
  await Promise.all(servers.map((server) => server.close()))
})

const read = (name: string): string => readFileSync(join(shell.folder, name), 'utf8')

test('the keys of the named contexts are fetched, written and pinned', async () => {
  const flags = `--kubeconfig config --context prod --context ${AWS} --recovery safe --seed-out ../safe.yaml --yes`
  const { code, stderr } = await shell.warm(`waxwing init ${flags}`)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain(`prod        ${prod.key.id}   keys/prod.key.yaml, from context prod`)
  const policy = readPolicy(read('.waxwing.yaml'))
  expect([...policy.recipients.values()].map(({ name, file }) => [name, file])).toEqual([
    ['prod', 'keys/prod.key.yaml'],
    ['staging-2', 'keys/staging-2.key.yaml'],
    ['safe', 'keys/safe.key.yaml'],
  ])
  expect(policy.recipients.get('prod')?.id).toBe(prod.key.id)
  expect(policy.recipients.get('staging-2')?.id).toBe(staging.key.id)
  expect(read('keys/prod.key.yaml')).toBe(prod.publicText)
})

test('a key that an earlier run has written is taken as it is; another is not written over', async () => {
  const init = 'rm -f .waxwing.yaml; waxwing init --kubeconfig config --context prod --yes'
  expect((await shell.warm(init)).code).toBe(0)
  const again = await shell.warm(init)
  expect(again.code, again.stderr).toBe(0)
  expect(again.stderr).toContain('made    .waxwing.yaml\n')
  writeFileSync(join(shell.folder, 'keys/prod.key.yaml'), staging.publicText)
  const { code, stderr } = await shell.warm(init)
  expect(code).toBe(2)
  expect(stderr).toContain('keys/prod.key.yaml: is there already [file-exists]')
  expect(read('keys/prod.key.yaml')).toBe(staging.publicText)
})

test('the same cluster twice is refused', async () => {
  const { code, stderr } = await shell.warm(
    'waxwing init --kubeconfig config --context prod --context prod --yes',
  )
  expect(code).toBe(2)
  expect(stderr).toContain('are the same key [usage]')
})
