import { InvalidArgumentError, type Option } from 'commander'
import { FORMS, type Form } from './provider.ts'
import { isTransitName, isVaultPath } from './wrapped-by.ts'

/** Flags about how the seeds of sealing keys are stored. */
export interface AtRestOptions {
  /** Absent: the provider that is given, or plain. */
  atRest?: Form
  /** Seconds. */
  atRestCheck: number
  /** `unix:///path` */
  kms?: string
  kmsDecrypt?: string
  vaultAddr?: string
  vaultNamespace?: string
  vaultMount: string
  vaultKey: string
  vaultTokenFile?: string
  vaultRole?: string
  vaultAuthMount: string
  vaultJwtFile: string
  vaultCaFile?: string
  /** Another Vault, or another namespace of the one, for what it has wrapped before; mount and key stand with each seed. */
  vaultDecryptAddr?: string
  vaultDecryptNamespace?: string
  vaultDecryptTokenFile?: string
  vaultDecryptRole?: string
  /** Absent: as for the other one. */
  vaultDecryptAuthMount?: string
  vaultDecryptJwtFile?: string
  vaultDecryptCaFile?: string
}

const JWT_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** `flag` makes an option that is an environment variable as well. */
export const atRestFlags = (flag: (flags: string, description: string) => Option): Option[] => [
  flag('--kms <address>', 'socket of the KMS v2 plugin that wraps the seeds of sealing keys').argParser(
    socket,
  ),
  flag('--kms-decrypt <address>', 'another one, for what it has wrapped before').argParser(socket),
  flag('--vault-addr <url>', 'the Vault or OpenBao whose transit engine wraps them').argParser(vaultUrl),
  flag('--vault-namespace <path>', 'the namespace in it').argParser(vaultPath),
  flag('--vault-mount <path>', 'where its transit engine is mounted').argParser(vaultPath).default('transit'),
  flag('--vault-key <name>', 'the transit key').argParser(transitName).default('waxwing'),
  flag('--vault-token-file <file>', 'file with a token for it, read again at each use'),
  flag('--vault-role <name>', 'or the role for its Kubernetes authentication').argParser(transitName),
  flag('--vault-auth-mount <path>', 'where that is mounted').argParser(vaultPath).default('kubernetes'),
  flag('--vault-jwt-file <file>', 'the ServiceAccount token for that').default(JWT_FILE),
  flag('--vault-ca-file <file>', 'certificates of the CA that its own is checked by'),
  flag('--vault-decrypt-addr <url>', 'another Vault, for what it has wrapped before').argParser(vaultUrl),
  flag('--vault-decrypt-namespace <path>', 'the namespace in that one').argParser(vaultPath),
  flag('--vault-decrypt-token-file <file>', 'file with a token for that one'),
  flag('--vault-decrypt-role <name>', 'or the role for its Kubernetes authentication').argParser(transitName),
  flag(
    '--vault-decrypt-auth-mount <path>',
    'where that is mounted (default: as --vault-auth-mount)',
  ).argParser(vaultPath),
  flag('--vault-decrypt-jwt-file <file>', 'the ServiceAccount token for that (default: as --vault-jwt-file)'),
  flag('--vault-decrypt-ca-file <file>', 'certificates of the CA that its own is checked by'),
  flag(
    '--at-rest <form>',
    'how seeds are stored where several are given (default: the one, else plain)',
  ).choices(FORMS),
  flag('--at-rest-check <seconds>', 'how often it is asked for a newer key').argParser(seconds).default(60),
]

/** What does not go together, in words; undefined: all is well. */
export function atRestProblem(options: AtRestOptions): string | undefined {
  const { atRest, kms, vaultAddr, vaultTokenFile, vaultRole } = options
  if (atRest === undefined && kms !== undefined && vaultAddr !== undefined)
    return 'with --kms and --vault-addr, --at-rest must say which of the two wraps'
  if (atRest === 'kms' && kms === undefined) return '--at-rest kms needs --kms'
  if (atRest === 'transit' && vaultAddr === undefined) return '--at-rest transit needs --vault-addr'
  if (vaultAddr !== undefined && (vaultTokenFile === undefined) === (vaultRole === undefined))
    return '--vault-addr needs either --vault-token-file or --vault-role'
  const { vaultDecryptAddr, vaultDecryptTokenFile, vaultDecryptRole } = options
  if (
    vaultDecryptAddr !== undefined &&
    (vaultDecryptTokenFile === undefined) === (vaultDecryptRole === undefined)
  )
    return '--vault-decrypt-addr needs either --vault-decrypt-token-file or --vault-decrypt-role'
  return undefined
}

/** The form that seeds are to have. */
export const targetForm = ({ atRest, kms, vaultAddr }: AtRestOptions): Form =>
  atRest ?? (kms !== undefined ? 'kms' : vaultAddr !== undefined ? 'transit' : 'plain')

function socket(text: string): string {
  if (!/^unix:\/\/\/[^\0?#%]{1,107}$/.test(text)) throw new InvalidArgumentError('Give it as unix:///path.')
  return text
}

function vaultUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username || url.search || url.hash)
    throw new InvalidArgumentError('Give it as https://host:port.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw new InvalidArgumentError('Tokens and seeds go over https, or stay on this machine.')
  return text.replace(/\/+$/, '')
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host)

function vaultPath(text: string): string {
  const path = text.replace(/^\/+|\/+$/g, '')
  if (!isVaultPath(path)) throw new InvalidArgumentError('This is no path in Vault.')
  return path
}

function transitName(text: string): string {
  if (!isTransitName(text)) throw new InvalidArgumentError('This is no name in Vault.')
  return text
}

function seconds(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw new InvalidArgumentError('Give a whole number of seconds from 1 to 86400.')
  return value
}
