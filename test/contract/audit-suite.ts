import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storePlain } from '../../controller/keys/at-rest/stored.ts'
import { newKeySecret } from '../../controller/keys/key-secret.ts'
import type { SecretObject } from '../../controller/objects.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import type { RecipientKey } from '../../shared/format/seal.ts'
import { KEY_LABEL, REWRAP_ANNOTATION } from '../../shared/keys/labels.ts'
import { isAlreadyExists, isNotFound } from '../../shared/kube/errors.ts'
import { NAMESPACES, SECRETS } from '../../shared/kube/resources.ts'
import { startVault, type VaultDouble } from '../kms/vault.ts'
import { type AuditLine, auditLines, auditLinesAmong } from '../support/audit-lines.ts'
import { canary, expectNoCanary } from '../support/canary.ts'
import { until } from '../support/programs.ts'
import type { ContractCluster } from './cluster.ts'
import {
  type ControllerSite,
  find,
  isReady,
  publishedKey,
  put,
  type RunningController,
  reached,
  seal,
  startSite,
} from './controller-site.ts'

/**
 * A whole controller that writes an audit log, on the embedded server and the real one: each kind of event, by the shipped
 * schema, and no line lost or doubled while files are renamed under load. Each test goes on from the one before.
 */
export function auditContract(
  makeCluster: () => Promise<ContractCluster>,
  startMs: number,
  objects: number,
): void {
  const dir = mkdtempSync(join(tmpdir(), 'waxwing-audit-'))
  const file = join(dir, 'audit.log')
  const namespace = 'waxwing-system'
  const value = canary()
  let site: ControllerSite
  let vault: VaultDouble
  let controller: RunningController
  let key: RecipientKey

  beforeAll(async () => {
    vault = await startVault()
    vault.createKey('waxwing')
    vault.tokens.add('token')
    writeFileSync(join(dir, 'token'), 'token')
    writeFileSync(join(dir, 'ca.crt'), vault.caPem)
    site = await startSite(makeCluster)
    controller = await site.start(['--audit-log', file])
    key = await publishedKey(site.kube)
  }, startMs)
  afterAll(async () => {
    await site?.stop()
    await vault?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Of all files, each with the name of the log in front. */
  const files = () => readdirSync(dir).filter((name) => name.startsWith('audit.log'))
  const lines = (name = 'audit.log') => {
    const text = readFileSync(join(dir, name), 'utf8')
    // A reader may see a write that is under way.
    return auditLines(text.slice(0, text.lastIndexOf('\n') + 1))
  }
  const short = ({ type, verb, action, result, reason }: AuditLine) =>
    [type, verb ?? action, result, reason].filter((word) => word !== undefined).join(' ')
  const about = (name: string) => lines().filter(({ object }) => object?.name === name)
  /** Waits for a line like this after those that were there. */
  const line = (what: string, is: (line: AuditLine) => boolean, after = 0) =>
    until(what, async () => lines().slice(after).find(is))
  const keyLine = (words: string, secret: string, after = 0) =>
    line(words, (one) => short(one) === words && one.key?.secret === secret, after)
  const restart = async (...flags: string[]) => {
    await controller.end('SIGTERM')
    const after = lines().length
    controller = await site.start(['--audit-log', file, ...flags])
    await until('ready', () => isReady(controller))
    return after
  }
  const withVault = () => [
    ...['--vault-addr', vault.url, '--vault-token-file', join(dir, 'token')],
    ...['--vault-ca-file', join(dir, 'ca.crt')],
  ]
  const patchKey = (name: string, patch: object) =>
    site.kube.mergePatch(SECRETS, { namespace, name }, patch as Record<string, unknown>)
  const relabel = (name: string, state: string) =>
    patchKey(name, { metadata: { labels: { [KEY_LABEL]: state } } })

  test('the first start: a key is made, loaded and published, for the eyes of the owner alone', async () => {
    await line('published', ({ action }) => action === 'publish')
    // The watch shows the key as soon as it is made, and so perhaps before the answer.
    expect(lines().map(short).sort()).toEqual(['key generate done', 'key load done', 'key publish done'])
    for (const one of lines()) expect(one.key).toMatchObject({ id: key.id, state: 'active' })
    for (const one of lines()) if (one.action !== 'publish') expect(one.key?.secret).toBe('waxwing-key-1')
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  describe('an object', () => {
    test('is opened and written', async () => {
      await put(site.kube, await seal(key, { password: value.bytes, user: 'app' }, { name: 'db' }))
      await reached(site.kube, 'db', 'Synced')
      const secret = await find(site.kube, SECRETS, 'db')
      const { uid, resourceVersion } = secret?.metadata ?? {}
      expect(about('db').map(short)).toEqual(['unseal done', 'write create done'])
      for (const one of about('db'))
        expect(one).toMatchObject({
          object: { namespace: 'shop', name: 'db', generation: 1 },
          keyIds: [key.id],
          dataKeys: ['password', 'user'],
        })
      expect(about('db')[1]?.secret).toEqual({ uid, resourceVersion })
    })

    test('that drifts is put back, with the name of who changed it', async () => {
      const id = { namespace: 'shop', name: 'db' }
      await site.kube.mergePatch(SECRETS, id, { data: { user: 'eA==' } })
      const corrected = await line('the correction', ({ drift }) => drift === true)
      expect(corrected).toMatchObject({
        verb: 'patch',
        row: 'differs',
        actor: { fieldManagers: ['contract'] },
        dataKeys: ['user'],
      })
      await site.kube.delete(SECRETS, id)
      const again = ({ drift, verb }: AuditLine) => drift === true && verb === 'create'
      expect(await line('the second correction', again)).not.toHaveProperty('actor')
    })

    test('that does not open says why', async () => {
      const object = await seal(key, { password: value.bytes }, { name: 'bad' })
      const { data } = object.spec as { data: Record<string, string> }
      data.password = (data.password ?? '').replace(
        /\..{20}(.)/,
        (text, one) => text.slice(0, -1) + (one === 'A' ? 'B' : 'A'),
      )
      await put(site.kube, object)
      await reached(site.kube, 'bad', 'Tampered')
      expect(about('bad').map(short)).toEqual(['unseal refused tampered'])
    })

    test('whose Secret is somebody else’s is refused, once', async () => {
      await site.kube.create(SECRETS, { metadata: { name: 'theirs', namespace: 'shop' } })
      await put(site.kube, await seal(key, { password: value.bytes }, { name: 'theirs' }))
      await reached(site.kube, 'theirs', 'SecretNotOwned')
      expect(about('theirs').map(short)).toEqual(['unseal done', 'refusal refused SecretNotOwned'])
    })
  })

  test('a start with nothing changed writes of keys, and of no object', async () => {
    const after = await restart()
    await keyLine('key load done', 'waxwing-key-1', after)
    await until('it has looked at all', async () => {
      const text = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
      return /waxwing_reconciles_total\{result="settled"\} [1-9]/.test(text)
    })
    expect(lines().slice(after).map(short)).toEqual(['key load done'])
  })

  test('the life of a key: a malformed one, its repair, retired, active again, removed', async () => {
    const kem = await chooseKem()
    const seed = new Uint8Array(32).fill(66)
    const own = { name: 'own', namespace, holder: 'default', seed, now: 1e12 }
    const secret = await newKeySecret(kem, own, storePlain)
    const after = lines().length
    await site.kube.create<SecretObject>(SECRETS, { ...secret, data: { ...secret.data, seed: 'AAAA' } })
    await keyLine('key load refused malformed', 'own')
    await patchKey('own', { data: secret.data })
    await keyLine('key load done', 'own')
    await relabel('own', 'retired')
    await keyLine('key retire done', 'own')
    await relabel('own', 'active')
    await keyLine('key activate done', 'own')
    await until('it is published', async () =>
      lines().some((one) => one.action === 'publish' && one.key?.id !== key.id),
    )
    await site.kube.delete(SECRETS, { namespace, name: 'own' })
    await keyLine('key remove done', 'own')
    await line('taken back', ({ action }) => action === 'unpublish')
    const known = lines().slice(after)
    expect(known.filter(({ action }) => action === 'load')).toHaveLength(2)
    expect(new Set(known.map((one) => one.seq)).size).toBe(known.length)
  })

  test('a key that is stored anew, and a provider that fails and comes back', async () => {
    await restart(...withVault(), '--at-rest-check', '1')
    await patchKey('waxwing-key-1', { metadata: { annotations: { [REWRAP_ANNOTATION]: 'please' } } })
    const stored = await keyLine('key rewrap done', 'waxwing-key-1')
    expect([stored.key?.id, stored.atRest]).toEqual([key.id, 'transit'])
    vault.broken = 503
    const failed = await line('the failure', ({ action }) => action === 'ask-provider')
    expect(failed).toMatchObject({
      result: 'failed',
      reason: 'unavailable',
      provider: { form: 'transit', call: 'newest' },
    })
    vault.broken = undefined
    await line('its end', (one) => short(one) === 'key ask-provider done')
  })

  test('a key that is renewed', async () => {
    const cutoff = new Date(Date.now() + 1_000).toISOString()
    const after = await restart(...withVault(), '--key-cutoff-time', cutoff)
    await keyLine('key renew done', 'waxwing-key-2', after)
    const load = await keyLine('key load done', 'waxwing-key-2', after)
    await line('published', (one) => one.action === 'publish' && one.key?.id === load.key?.id, after)
  })

  test('callers: with rights, without, and unknown ones', async () => {
    const mayExist = (error: unknown) => {
      if (!isAlreadyExists(error) && !isNotFound(error)) throw error
    }
    const accounts = '/api/v1/namespaces/shop/serviceaccounts'
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings'
    const subject = { kind: 'ServiceAccount', name: 'sealer', namespace: 'shop' }
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }
    for (const [path, object] of [
      [accounts, { metadata: { name: 'sealer' } }],
      [roles, { metadata: { name: 'sealer' }, roleRef, subjects: [subject] }],
    ] as const)
      await site.kube.post(path, JSON.stringify(object)).catch(mayExist)
    const request = JSON.stringify({ spec: { audiences: ['waxwing'] } })
    const { status } = JSON.parse(await site.kube.post(`${accounts}/sealer/token`, request))
    const body = JSON.stringify(await seal(key, { password: value.bytes }, { name: 'db' }))
    const ask = async (route: string, token: string) => {
      const after = lines().length
      const headers = { 'X-Waxwing-Token': token }
      const answer = await fetch(`${controller.url}${route}`, { method: 'POST', headers, body })
      await answer.text()
      return [answer.status, await line('the request', ({ type }) => type === 'request', after)] as const
    }
    for (const route of ['/v1/verify', '/v1/rewrap'])
      expect(
        await until('rights', async () => {
          const asked = await ask(route, status.token)
          return asked[0] === 200 && asked
        }),
      ).toMatchObject([
        200,
        {
          route,
          result: 'done',
          actor: { user: 'system:serviceaccount:shop:sealer' },
          object: { namespace: 'shop', name: 'db' },
          keyIds: [key.id],
        },
      ])
    expect(await ask('/v1/verify', 'nonsense')).toMatchObject([
      403,
      { result: 'refused', reason: 'token-not-accepted', actor: { address: '127.0.0.1' } },
    ])
  })

  test(`${objects} objects while the log is renamed: each write once, none lost, none twice`, async () => {
    await site.kube.create(NAMESPACES, { metadata: { name: 'load' } })
    const names = Array.from({ length: objects }, (_, i) => `load-${i}`)
    const before = (await site.writes()).length
    const [instance, seqBefore] = [lines().at(-1)?.instance, lines().at(-1)?.seq ?? 0]
    let renamed = 0
    let finished = false
    const work = async () => {
      for (const batch of [names.slice(0, objects / 2), names.slice(objects / 2)])
        await Promise.all(
          batch.map(async (name) =>
            put(site.kube, await seal(key, { a: name }, { name, namespace: 'load' })),
          ),
        )
      for (const name of names) await reached(site.kube, name, 'Synced', 'load')
      finished = true
    }
    const rename = async () => {
      if (!finished && statSync(file, { throwIfNoEntry: false })?.size) {
        renamed += 1
        renameSync(file, `${file}.${renamed}`)
      }
      return finished
    }
    await Promise.all([work(), until('all of them', rename, 150_000, 20)])
    expect(renamed).toBeGreaterThan(3)
    const all = files().flatMap(lines)
    // Of the API server: what was accepted.
    const accepted = (await site.writes())
      .slice(before)
      .filter(({ namespace: at, resource, code }) => at === 'load' && resource === 'secrets' && code < 300)
    expect(accepted.map(({ verb }) => verb)).toEqual(names.map(() => 'create'))
    const creations = all.filter(
      ({ type, verb, object }) => type === 'write' && verb === 'create' && object?.namespace === 'load',
    )
    const done = creations.filter(({ result }) => result === 'done')
    // Where the machine is so slow that an answer is not waited for, its line says that nobody knows.
    const unknown = creations.filter(
      ({ result, object }) => result === 'unknown' && !done.some((one) => one.object?.name === object?.name),
    )
    const told = [...done, ...unknown].map(({ object }) => object?.name)
    expect(told.sort()).toEqual([...names].sort())
    expect(unknown.length).toBeLessThan(objects / 10)
    const { items } = await site.kube.list(SECRETS, {
      namespace: 'load',
      labelSelector: 'waxwing.dev/managed-by',
    })
    const versions = new Map(items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]))
    for (const { object, secret } of done)
      expect(secret?.resourceVersion, object?.name).toBe(versions.get(object?.name ?? ''))
    const numbers = all.flatMap((one) => (one.instance === instance && one.seq > seqBefore ? [one.seq] : []))
    expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => seqBefore + i + 1))
  }, 180_000)

  test('on stdout its lines stand among those of the log, each whole', async () => {
    const before = site.logs().length
    const second = await site.start(['--audit-log', '-', ...withVault()])
    await until('ready', () => isReady(second))
    const found = await until('its lines', async () => {
      const own = auditLinesAmong(site.logs().slice(before))
      return own.length > 0 && own
    })
    expect(new Set(found.map(({ instance }) => instance)).size).toBe(1)
    expect(found[0]?.instance).not.toBe(lines('audit.log.1')[0]?.instance)
    expect(found.map(({ action }) => action)).toContain('load')
    await second.end('SIGTERM')
  })

  test('no value is in any of it', () => {
    expect(files().length).toBeGreaterThan(3)
    for (const name of files()) expectNoCanary(readFileSync(join(dir, name), 'utf8'), name)
    expectNoCanary(site.logs(), 'the logs')
  })
}
