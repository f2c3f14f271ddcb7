import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export const KUBESEAL = 'v0.27.1'

/** The real kubeseal, built by `go install` on first use and kept. */
export function kubesealProgram(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'waxwing', `kubeseal-${KUBESEAL}`)
  const program = join(folder, 'kubeseal')
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  const wanted = `github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@${KUBESEAL}`
  const { status } = spawnSync('go', ['install', wanted], {
    env: { ...process.env, GOBIN: folder },
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('kubeseal could not be built: it needs Go, and the Go module proxy')
  return program
}

/** A certificate as a Sealed Secrets controller publishes it: RSA of 4096 bits. */
export function makeCertificate(folder: string): string {
  const file = join(folder, 'cert.pem')
  const subject = ['-subj', '/CN=sealed-secrets', '-days', '3650']
  const key = ['-newkey', 'rsa:4096', '-nodes', '-keyout', join(folder, 'cert.key')]
  const { status } = spawnSync('openssl', ['req', '-x509', ...key, '-out', file, ...subject])
  if (status !== 0) throw new Error('openssl could not make a certificate')
  return file
}
