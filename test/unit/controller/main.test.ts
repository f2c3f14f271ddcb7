import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../shared/sandbox/start.ts'
import {
  type ControllerSite,
  isReady,
  publishedKey,
  put,
  reached,
  seal,
  startSite,
} from '../../contract/controller-site.ts'
import { startCollector } from '../../support/otlp.ts'
import { controllerProgram, run, until } from '../../support/programs.ts'
import { withEnvironment } from './tracing/environment.ts'

// The built program as a process: what it prints and how it ends.

let dir: string
let sandbox: Sandbox
let site: ControllerSite

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waxwing-main-'))
  sandbox = await startSandbox()
  await writeFile(join(dir, 'kubeconfig'), sandbox.kubeconfig())
  site = await startSite(async () => ({
    kubeconfig: join(dir, 'kubeconfig'),
    audit: async () => sandbox.audit(),
    typesAdded: async () => undefined,
    loseWatches: async () => sandbox.cutWatches(),
    stop: () => sandbox.stop(),
  }))
})
afterAll(async () => {
  await site?.stop()
  await rm(dir, { recursive: true, force: true })
})

const program = (...args: string[]) =>
  run(process.execPath, [controllerProgram, ...args], { env: { HOME: dir } })

describe('the program', () => {
  test('says its version', async () => {
    const { code, stdout } = await program('--version')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('ends with 2 for flags that it does not understand', async () => {
    const { code, stdout, stderr } = await program('--listen', 'nonsense')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('host:port')
  })

  test('ends with 2 where the audit log cannot be opened, before it does anything', async () => {
    const { code, stdout, stderr } = await program('--audit-log', join(dir, 'none/audit.log'))
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(`error: --audit-log: ${join(dir, 'none/audit.log')} cannot be opened: ENOENT\n`)
  })

  test('ends with 1 where there is no cluster, and says so in the format that was asked for', async () => {
    const { code, stdout } = await program('--log-format', 'json', '--kubeconfig', join(dir, 'missing'))
    expect(code).toBe(1)
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ level: 'error' })
  })

  test('ends with 1 where its port is taken', async () => {
    const taken = new URL(sandbox.url).host
    const { code, stdout } = await program('--kubeconfig', join(dir, 'kubeconfig'), '--listen', taken)
    expect(code).toBe(1)
    expect(stdout).toContain('EADDRINUSE')
  })

  test('ends at once at the second signal', async () => {
    const controller = await site.start()
    const key = await publishedKey(site.kube)
    sandbox.faults.add({ match: { resource: 'secrets', verb: 'create', namespace: 'shop' }, delayMs: 60_000 })
    await put(site.kube, await seal(key, { a: '1' }, { name: 'db' }))
    await until('the request is under way', async () => {
      const text = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
      return text.includes('waxwing_queue_depth{state="running"} 1')
    })
    const ended = controller.end('SIGTERM')
    await until('it is stopping', async () => site.logs().includes('"msg":"stopping"'))
    const { code, ms } = await controller.end('SIGTERM')
    expect(code).toBe(1)
    expect(ms).toBeLessThan(2_000)
    expect((await ended).code).toBe(1)
  })

  test('sends its last traces at SIGTERM', async () => {
    sandbox.faults.clear()
    const collector = await startCollector()
    const restore = withEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    })
    const controller = await site.start()
    restore()
    await until('ready', () => isReady(controller))
    await put(site.kube, await seal(await publishedKey(site.kube), { a: '1' }, { name: 'last' }))
    await reached(site.kube, 'last', 'Synced')
    expect(collector.requests).toEqual([])
    const { code, ms } = await controller.end('SIGTERM')
    expect(code).toBe(0)
    expect(ms).toBeLessThan(2_000)
    expect(collector.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['reconcile', 'open', 'POST secrets', 'PUT sealedsecrets/status']),
    )
    await collector.close()
  })
})
