import { generateKeyPair, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { auditPolicy } from './audit.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { type Program, program } from './process.ts'

/** Where the API server listens: on loopback alone, or everywhere, telling others to use `advertise`. */
export type Bind = 'loopback' | { advertise: string }

/** The three programs, not yet started, and what a client needs to reach them. */
export interface Programs {
  etcd: Program
  apiserver: Program
  kcm: Program
  server: string
  etcdUrl: string
  caFile: string
  adminToken: string
  auditFile: string
}

/** Writes the files of a new control plane into its folder and decides its ports. */
export async function preparePrograms(
  binary: string,
  dir: string,
  options: { bind: Bind; auditDir: string; apiserverFlags: readonly string[] },
): Promise<Programs> {
  const file = (name: string) => join(dir, name)
  const { bind, auditDir } = options
  const [host, listen] = bind === 'loopback' ? ['127.0.0.1', '127.0.0.1'] : [bind.advertise, '0.0.0.0']
  const [clientPort, peerPort, securePort] = await freePorts()
  const etcdUrl = `http://127.0.0.1:${clientPort}`
  const server = `https://${host}:${securePort}`
  // The server makes this certificate at its first start; its issuer stands in the same file.
  const caFile = file('pki/apiserver.crt')
  const auditFile = join(auditDir, 'audit.log')
  const adminToken = newToken()
  const kcmToken = newToken()

  await Promise.all([mkdir(file('pki')), mkdir(auditDir, { recursive: true })])
  const secret = { mode: 0o600 }
  await Promise.all([
    // The controller manager goes by its own name, so that the audit log tells its writes from the admin's.
    writeFile(
      file('tokens.csv'),
      `${adminToken},admin,admin,"system:masters"\n${kcmToken},system:kube-controller-manager,kcm,"system:masters"\n`,
      secret,
    ),
    writeFile(file('audit-policy.json'), JSON.stringify(auditPolicy)),
    writeFile(file('pki/service-accounts.key'), await serviceAccountKey(), secret),
    writeKubeconfig(file('kcm.kubeconfig'), { server, caFile, token: kcmToken }),
  ])

  const serviceAccounts = file('pki/service-accounts.key')
  return {
    etcd: program(
      binary,
      [
        'etcd',
        `--data-dir=${file('etcd')}`,
        `--client-url=${etcdUrl}`,
        `--peer-url=http://127.0.0.1:${peerPort}`,
      ],
      file('etcd.log'),
      dir,
    ),
    apiserver: program(
      binary,
      [
        'kube-apiserver',
        `--etcd-servers=${etcdUrl}`,
        `--secure-port=${securePort}`,
        `--bind-address=${listen}`,
        `--advertise-address=${host}`,
        '--endpoint-reconciler-type=none',
        `--cert-dir=${file('pki')}`,
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `--service-account-key-file=${serviceAccounts}`,
        `--service-account-signing-key-file=${serviceAccounts}`,
        '--service-cluster-ip-range=10.96.0.0/16',
        `--token-auth-file=${file('tokens.csv')}`,
        '--authorization-mode=RBAC',
        // Pods here never run, so none of them needs a token mounted.
        '--disable-admission-plugins=ServiceAccount',
        `--audit-policy-file=${file('audit-policy.json')}`,
        `--audit-log-path=${auditFile}`,
        // In megabytes: a rotated log would lose the writes that a test counts.
        '--audit-log-maxsize=100000',
        ...options.apiserverFlags,
      ],
      file('apiserver.log'),
    ),
    kcm: program(
      binary,
      [
        'kube-controller-manager',
        `--kubeconfig=${file('kcm.kubeconfig')}`,
        `--service-account-private-key-file=${serviceAccounts}`,
        `--root-ca-file=${caFile}`,
        '--leader-elect=false',
        '--secure-port=0',
      ],
      file('kcm.log'),
    ),
    server,
    etcdUrl,
    caFile,
    adminToken,
    auditFile,
  }
}

let cachedKey: Promise<string> | undefined

// Once a process: making an RSA key takes as long as starting etcd.
function serviceAccountKey(): Promise<string> {
  cachedKey ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then((pair) =>
    pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  return cachedKey
}

function newToken(): string {
  return randomBytes(24).toString('hex')
}

// All three are held at once, so that they differ; the gap until they are used is the caller's to retry.
async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()] as const
  const listen = async (server: (typeof servers)[number]): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
    return address.port
  }
  const ports = await Promise.all([listen(servers[0]), listen(servers[1]), listen(servers[2])])
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
