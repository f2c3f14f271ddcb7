import { Command, InvalidArgumentError, Option } from 'commander'
import { isNamespaceName } from '../shared/format/limits.ts'
import { VERSION } from '../shared/version.ts'
import { parseDuration } from './duration.ts'
import { isNetwork } from './http/addresses.ts'
import type { Address } from './http/server.ts'
import { type AtRestOptions, atRestFlags } from './keys/at-rest/options.ts'
import { LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts'

export interface Options extends AtRestOptions {
  kubeconfig?: string
  /** The controller's own; absent: the pod's, or `waxwing-system`. */
  namespace?: string
  /** Empty: all. */
  watchNamespace: string[]
  /** Which SealedSecrets, by their labels; absent: all. */
  selector?: string
  listen: Address
  metricsListen: Address
  concurrency: number
  logFormat: LogFormat
  logLevel: LogLevel
  /** A file, or `-` for stdout; absent: none. */
  auditLog?: string
  clusterName: string
  /** Milliseconds; 0: never. */
  keyRenewEvery: number
  /** Milliseconds since 1970; absent: none. */
  keyCutoffTime?: number
  leaseName: string
  /** Seconds. */
  leaseDuration: number
  tlsCert?: string
  tlsKey?: string
  /** Networks of proxies. */
  trustedProxy: string[]
}

/** The command line; every flag can be given as an environment variable as well. */
export function optionsCommand(): Command {
  const command = new Command('waxwing-controller')
    .description('Turns the SealedSecrets of a cluster into Secrets.')
    .version(VERSION, '--version', 'print the version')
    .addOption(
      flag('--kubeconfig <file>', 'how to reach the cluster (default: KUBECONFIG, ~/.kube/config, the pod)'),
    )
    .addOption(
      flag(
        '--namespace <name>',
        "the controller's own namespace, which holds the sealing keys (default: the pod's, else waxwing-system)",
      ).argParser(namespaceName),
    )
    .addOption(
      flag(
        '--watch-namespace <names>',
        'namespaces to serve; repeat the flag, or separate by commas (default: all)',
      )
        .argParser(namespaceList)
        .default([], 'all'),
    )
    .addOption(
      flag('--selector <labels>', 'serve only SealedSecrets with these labels (default: all)').argParser(
        labelSelector,
      ),
    )
    .addOption(
      flag('--listen <host:port>', 'address for keys and health')
        .argParser(address)
        .default(address(':8080'), ':8080'),
    )
    .addOption(
      flag('--metrics-listen <host:port>', 'address for metrics')
        .argParser(address)
        .default(address(':9090'), ':9090'),
    )
    .addOption(
      flag('--concurrency <number>', 'objects worked on at the same time').argParser(workers).default(16),
    )
    .addOption(
      flag('--log-format <format>', 'how log lines are written').choices(['text', 'json']).default('text'),
    )
    .addOption(
      flag('--log-level <level>', 'the least important lines to write').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      flag(
        '--audit-log <file>',
        'where to write a line of JSON for each unsealing, write, refusal and key event; -: stdout (default: none)',
      ),
    )
    .addOption(flag('--cluster-name <name>', 'the holder that the published keys name').default('default'))
    .addOption(
      flag(
        '--key-renew-every <duration>',
        'how old the newest sealing key gets before a new one is made; 0: never',
      )
        .argParser(renewEvery)
        .default(720 * HOUR_MS, '720h'),
    )
    .addOption(
      flag(
        '--key-cutoff-time <time>',
        'make a new sealing key if the newest one is from before this time (default: none)',
      ).argParser(instant),
    )
    .addOption(
      flag('--lease-name <name>', 'the Lease by which replicas elect the one that writes')
        .argParser(leaseName)
        .default('waxwing'),
    )
    .addOption(
      flag('--lease-duration <seconds>', 'how long a leader that is not heard of stays the leader')
        .argParser(leaseDuration)
        .default(12),
    )
    .addOption(flag('--tls-cert <file>', 'certificate chain in PEM for --listen; looked at again every 5 s'))
    .addOption(flag('--tls-key <file>', 'its private key in PEM'))
    .addOption(
      flag(
        '--trusted-proxy <networks>',
        'where X-Forwarded-For counts: addresses or networks of proxies; repeat the flag, or separate by commas',
      )
        .argParser(networkList)
        .default([], 'none'),
    )
    .addHelpText('after', '\nEach flag is also an environment variable: --log-format is WAXWING_LOG_FORMAT.')
    .allowExcessArguments(false)
  for (const option of atRestFlags(flag)) command.addOption(option)
  return command
}

function flag(flags: string, description: string): Option {
  const option = new Option(flags, description)
  return option.env(`WAXWING_${option.name().toUpperCase().replaceAll('-', '_')}`)
}

function address(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) throw new InvalidArgumentError('Give it as host:port or :port.')
  const host = match[1] ?? match[2] ?? ''
  return host === '' ? { port } : { host, port }
}

function namespaceName(text: string): string {
  if (!isNamespaceName(text)) throw new InvalidArgumentError('This is no name of a namespace.')
  return text
}

function namespaceList(text: string, before: readonly string[]): string[] {
  const names = text.split(',').map((name) => name.trim())
  return [...new Set([...before, ...names.filter((name) => name !== '').map(namespaceName)])]
}

function networkList(text: string, before: readonly string[]): string[] {
  const networks = text
    .split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '')
  if (!networks.every(isNetwork)) throw new InvalidArgumentError('Give addresses or networks: 10.0.0.0/8.')
  return [...before, ...networks]
}

const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9._/]*[A-Za-z0-9])?'
const VALUE = '(?:[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?)?'
const REQUIREMENT = `(?:!?${KEY}|${KEY} *(?:=|==|!=) *${VALUE}|${KEY} +(?:not)?in *\\( *${VALUE}(?: *, *${VALUE})* *\\))`
const SELECTOR = new RegExp(`^${REQUIREMENT}(?: *, *${REQUIREMENT})*$`)

/** As kubectl's `-l`. One that the server refuses would only show as a watch that fails for ever. */
function labelSelector(text: string): string {
  if (!SELECTOR.test(text)) throw new InvalidArgumentError('Give it as for kubectl get --selector.')
  return text
}

function leaseName(text: string): string {
  if (text.length > 253 || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('This is no name of a Lease.')
  return text
}

function leaseDuration(text: string): number {
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < 3 || seconds > 300)
    throw new InvalidArgumentError('Give a whole number of seconds from 3 to 300.')
  return seconds
}

const HOUR_MS = 3_600_000

function renewEvery(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || (ms > 0 && ms < 1_000))
    throw new InvalidArgumentError('Give hours, minutes and seconds, as in 720h or 1h30m, or 0.')
  return ms
}

function instant(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(time)) throw new InvalidArgumentError('Give it as in 2026-11-24T08:00:00Z.')
  return time
}

const MAX_WORKERS = 256

function workers(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > MAX_WORKERS)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MAX_WORKERS}.`)
  return count
}
