import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject, Resource } from '../../shared/kube/port.ts'
import type { ControlPlane } from '../../test/controlplane/start.ts'
import { KUBESEAL } from './kubeseal.ts'

/** The Sealed Secrets controller, whose version is kubeseal's. */
const MODULE = 'github.com/bitnami-labs/sealed-secrets'
const TOKEN_FOLDER = '/run/secrets/kubernetes.io/serviceaccount'

export const BITNAMI_SEALED_SECRETS: Resource = {
  group: 'bitnami.com',
  version: 'v1alpha1',
  plural: 'sealedsecrets',
  kind: 'SealedSecret',
  namespaced: true,
}

export interface BitnamiPrograms {
  /** As it is published: client-go's default of 5 requests a second. */
  throttled: string
  /**
   * The same with `config.QPS = -1` behind `rest.InClusterConfig()`, which is what later versions' --kubeclient-qps=-1
   * does: this one has no flag for it.
   */
  unthrottled: string
  crd: string
}

/** Built on first use and kept. */
export function bitnamiPrograms(): BitnamiPrograms {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'waxwing', `bitnami-controller-${KUBESEAL}`)
  mkdirSync(folder, { recursive: true })
  const throttled = join(folder, 'controller')
  const unthrottled = join(folder, 'controller-unthrottled')
  const crd = join(folder, 'crd.yaml')
  if (!existsSync(throttled))
    go(folder, ['install', `${MODULE}/cmd/controller@${KUBESEAL}`], { GOBIN: folder })
  if (!existsSync(unthrottled) || !existsSync(crd)) {
    const { Dir } = JSON.parse(go(folder, ['mod', 'download', '-json', `${MODULE}@${KUBESEAL}`]))
    cpSync(join(Dir, 'helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml'), crd)
    buildUnthrottled(Dir, join(folder, 'source'), unthrottled)
  }
  return { throttled, unthrottled, crd }
}

function buildUnthrottled(from: string, source: string, program: string): void {
  rmSync(source, { recursive: true, force: true })
  cpSync(from, source, { recursive: true })
  spawnSync('chmod', ['-R', 'u+w', source])
  const file = join(source, 'pkg/controller/main.go')
  const text = readFileSync(file, 'utf8')
  const place = 'clientset, err := kubernetes.NewForConfig(config)'
  if (text.split(place).length !== 2) throw new Error('pkg/controller/main.go is not as expected')
  writeFileSync(file, text.replace(place, `config.QPS = -1\n\t${place}`))
  go(source, ['build', '-o', program, './cmd/controller'])
}

function go(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout } = spawnSync('go', args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`go ${args[0]} failed: it needs Go, and the Go module proxy`)
  return stdout
}

/** Runs it as in a pod, which is the only way it knows: mounts of its own hold the token. Needs root. */
export function startBitnami(
  program: string,
  { server, adminToken, caFile, dir }: ControlPlane,
  namespace: string,
  served: string,
): ChildProcess {
  const { hostname, port } = new URL(server)
  const log = openSync(join(dir, 'bitnami.log'), 'a')
  const script = [
    `mount -t tmpfs none /run && mkdir -p ${TOKEN_FOLDER}`,
    `cp "$0" ${TOKEN_FOLDER}/ca.crt && printf %s "$TOKEN" > ${TOKEN_FOLDER}/token`,
    'unset TOKEN && exec "$@"',
  ].join(' && ')
  const listen = ['--listen-addr=127.0.0.1:0', '--listen-metrics-addr=127.0.0.1:0']
  const where = ['--all-namespaces=false', `--additional-namespaces=${served}`]
  const child = spawn('unshare', ['-m', 'sh', '-c', script, caFile, program, ...listen, ...where], {
    env: {
      ...process.env,
      TOKEN: adminToken,
      POD_NAMESPACE: namespace,
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  return child
}

/** Its format, strict scope. */
export function bitnamiSealedSecret(
  certificate: string,
  namespace: string,
  name: string,
  values: ReadonlyMap<string, Uint8Array>,
): KubeObject {
  const label = `${namespace}/${name}`
  const encryptedData = Object.fromEntries(
    [...values].map(([key, value]) => [key, encrypted(certificate, label, value)]),
  )
  const template = { metadata: { name, namespace } }
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, namespace },
    spec: { encryptedData, template },
  } as KubeObject
}

function encrypted(certificate: string, label: string, value: Uint8Array): string {
  const session = randomBytes(32)
  const wrapped = publicEncrypt(
    {
      key: certificate,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    session,
  )
  const length = Buffer.alloc(2)
  length.writeUInt16BE(wrapped.length)
  const cipher = createCipheriv('aes-256-gcm', session, Buffer.alloc(12))
  const text = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([length, wrapped, text]).toString('base64')
}

export interface BitnamiObject extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

export const isSynced = ({ status }: BitnamiObject): boolean =>
  status?.conditions?.some(({ type, status: state }) => type === 'Synced' && state === 'True') ?? false
