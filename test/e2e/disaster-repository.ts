import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { must, run } from '../support/programs.ts'
import { sealForBitnami } from './bitnami-value.ts'
import type { Site } from './support.ts'

/** What the drill keeps in git, sealed to `prod.key.yaml`: before the key is renewed, and after. */

export const NAMESPACES = ['shop', 'other']
export const BITNAMI_KEY = 'sealed-secrets-keyx7k2p'

export async function writeNamespaces({ repository }: Site): Promise<void> {
  const namespace = (name: string) => dump({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await writeFile(join(repository, 'namespaces.yaml'), NAMESPACES.map(namespace).join('---\n'))
}

/** Several types, made by `waxwing create` of files that the usual tools make. */
export async function createSealed(site: Site, value: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waxwing-plain-'))
  const file = (name: string) => join(folder, name)
  const create = (kind: string, name: string, ...flags: string[]) =>
    site.waxwing(
      ...[
        'create',
        kind,
        name,
        '-n',
        'shop',
        '-k',
        'prod.key.yaml',
        '--out',
        `${name}.sealed.yaml`,
        ...flags,
      ],
    )
  try {
    await writeFile(file('password'), value)
    await writeFile(
      file('binary'),
      Uint8Array.from({ length: 256 }, (_, i) => i),
    )
    await must(run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'e2e', '-f', file('ssh')]))
    await certificate(folder, 'web', 'rsa:2048')
    const opaque = [
      `--from-file=${file('password')}`,
      `--from-file=${file('binary')}`,
      '--from-literal=empty=',
    ]
    await create('opaque', 'opaque', ...opaque)
    await create('basic-auth', 'login', '--username=app', `--from-literal=password=${onOneLine(value)}`)
    await create('ssh-auth', 'deploy', `--ssh-privatekey=${file('ssh')}`)
    await create('tls', 'web', `--cert=${file('web.crt')}`, `--key=${file('web.key')}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A type of one's own with a label, and one that any namespace opens. */
export async function sealMore(site: Site, value: string): Promise<void> {
  const url = `postgres://app:${encodeURIComponent(onOneLine(value))}@db`
  const dsn = { name: 'dsn', namespace: 'shop', labels: { app: 'shop' } }
  await seal(site, { metadata: dsn, type: 'example.com/dsn', stringData: { url } })
  const wide = { name: 'wide', namespace: 'other' }
  await seal(site, { metadata: wide, stringData: { a: value } }, '--scope', 'cluster')
}

interface Plain {
  metadata: { name: string; namespace: string; labels?: Record<string, string> }
  type?: string
  stringData: Record<string, string>
}

async function seal(site: Site, secret: Plain, ...flags: string[]): Promise<void> {
  const { name } = secret.metadata
  const plain = join(site.repository, `${name}.yaml`)
  await writeFile(plain, dump({ apiVersion: 'v1', kind: 'Secret', ...secret }))
  await site.waxwing('seal', '-k', 'prod.key.yaml', plain, '--out', `${name}.sealed.yaml`, ...flags)
  await rm(plain)
}

/** A key pair as Bitnami's controller makes it, in the cluster, and what was sealed for it, in the repository. */
export async function bringBitnami(site: Site, namespace: string, value: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waxwing-plain-'))
  try {
    await certificate(folder, 'tls', 'rsa:4096')
    const files = [`--cert=${join(folder, 'tls.crt')}`, `--key=${join(folder, 'tls.key')}`]
    await site.kubectl('create', 'secret', 'tls', BITNAMI_KEY, '-n', namespace, ...files)
    const label = 'sealedsecrets.bitnami.com/sealed-secrets-key=active'
    await site.kubectl('label', 'secret', BITNAMI_KEY, '-n', namespace, label)
    const pem = readFileSync(join(folder, 'tls.crt'), 'utf8')
    const sealed = {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'old', namespace: 'shop' },
      spec: { encryptedData: { password: sealForBitnami(pem, 'shop/old', value) } },
    }
    await writeFile(join(site.repository, 'bitnami.json'), JSON.stringify(sealed))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function certificate(cwd: string, name: string, kind: string): Promise<void> {
  const pair = ['-newkey', kind, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.crt`, '-days', '90']
  await must(run('openssl', ['req', '-x509', ...pair, '-subj', '/CN=web.example.com'], { cwd }))
}

/** For command lines and logins. */
const onOneLine = (value: string): string => value.replace('\n', '')
