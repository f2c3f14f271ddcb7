import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Options, optionsCommand } from '../../../controller/options.ts'

function parse(...args: string[]): Options {
  const command = optionsCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  command.parse(args, { from: 'user' })
  return command.opts<Options>()
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('options', () => {
  test('have defaults', () => {
    expect(parse()).toEqual({
      atRestCheck: 60,
      vaultAuthMount: 'kubernetes',
      vaultJwtFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      vaultKey: 'waxwing',
      vaultMount: 'transit',
      watchNamespace: [],
      listen: { port: 8080 },
      metricsListen: { port: 9090 },
      concurrency: 16,
      logFormat: 'text',
      logLevel: 'info',
      clusterName: 'default',
      keyRenewEvery: 2_592_000_000,
      leaseName: 'waxwing',
      leaseDuration: 12,
      trustedProxy: [],
    })
  })

  test.each([
    [
      ['--watch-namespace', 'a,b', '--watch-namespace', 'c', '--watch-namespace=a'],
      { watchNamespace: ['a', 'b', 'c'] },
    ],
    [['--watch-namespace', ''], { watchNamespace: [] }],
    [['--selector', 'team=a,!old,tier in (x, y)'], { selector: 'team=a,!old,tier in (x, y)' }],
    [['--listen', '127.0.0.1:0'], { listen: { host: '127.0.0.1', port: 0 } }],
    [['--listen', '[::1]:81'], { listen: { host: '::1', port: 81 } }],
    [['--metrics-listen', 'localhost:82'], { metricsListen: { host: 'localhost', port: 82 } }],
    [
      ['--concurrency', '4', '--log-format', 'json', '--cluster-name', 'prod'],
      { concurrency: 4, logFormat: 'json', clusterName: 'prod' },
    ],
    [['--lease-name', 'a.b', '--lease-duration', '3'], { leaseName: 'a.b', leaseDuration: 3 }],
    [['--key-renew-every', '0'], { keyRenewEvery: 0 }],
    [['--key-renew-every', '1h30m10s'], { keyRenewEvery: 5_410_000 }],
    [['--key-renew-every', '1.5h'], { keyRenewEvery: 5_400_000 }],
    [['--key-cutoff-time', '2026-11-24T08:00:00Z'], { keyCutoffTime: Date.parse('2026-11-24T08:00:00Z') }],
    [
      ['--key-cutoff-time', '2026-11-24T09:00:00+01:00'],
      { keyCutoffTime: Date.parse('2026-11-24T08:00:00Z') },
    ],
    [
      ['--trusted-proxy', '10.0.0.0/8, ::1', '--trusted-proxy', '192.168.0.1'],
      { trustedProxy: ['10.0.0.0/8', '::1', '192.168.0.1'] },
    ],
    [['--tls-cert', 'a', '--tls-key', 'b'], { tlsCert: 'a', tlsKey: 'b' }],
    [['--kubeconfig', 'f', '--namespace', 'ns'], { kubeconfig: 'f', namespace: 'ns' }],
  ])('%j', (args, expected) => {
    expect(parse(...args)).toMatchObject(expected)
  })

  test.each([
    [['--listen', '8080']],
    [['--listen', ':65536']],
    [['--listen', 'a:b:1']],
    [['--watch-namespace', 'A_b']],
    [['--namespace', '']],
    [['--selector', '']],
    [['--selector', 'team=a b']],
    [['--selector', 'tier in x']],
    [['--concurrency', '0']],
    [['--concurrency', '1.5']],
    [['--log-format', 'xml']],
    [['--lease-name', 'A']],
    [['--lease-duration', '2']],
    [['--lease-duration', '3.5']],
    [['--key-renew-every', '30']],
    [['--key-renew-every', '30d']],
    [['--key-renew-every', '0.5s']],
    [['--key-renew-every', '-1h']],
    [['--key-renew-every', '']],
    [['--key-cutoff-time', '2026-11-24']],
    [['--key-cutoff-time', '2026-13-24T08:00:00Z']],
    [['--key-cutoff-time', 'now']],
    [['--key-cutoff-time', '']],
    [['--trusted-proxy', '10.0.0.0/33']],
    [['--trusted-proxy', 'proxy.example.com']],
    [['extra']],
    [['--unknown']],
  ])('%j is refused', (args) => {
    expect(() => parse(...args)).toThrow()
  })

  test('come from the environment, and a flag wins over it', () => {
    vi.stubEnv('WAXWING_LOG_FORMAT', 'json')
    vi.stubEnv('WAXWING_WATCH_NAMESPACE', 'a,b')
    vi.stubEnv('WAXWING_METRICS_LISTEN', ':1')
    vi.stubEnv('WAXWING_CLUSTER_NAME', 'env')
    expect(parse('--cluster-name', 'flag')).toMatchObject({
      logFormat: 'json',
      watchNamespace: ['a', 'b'],
      metricsListen: { port: 1 },
      clusterName: 'flag',
    })
  })
})
