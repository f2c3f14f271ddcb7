import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Log } from '../log.ts'

/** A certificate with its chain and its key, as PEM. */
export interface Pair {
  cert: string
  key: string
}

export interface TlsFiles {
  cert: string
  key: string
}

/** Reads both and holds them against each other; throws with the name of the file, and nothing of what is in it. */
export async function readPair({ cert, key }: TlsFiles): Promise<Pair> {
  const pair = { cert: await readPem(cert), key: await readPem(key) }
  const chain = pair.cert.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (chain.length === 0 || chain.length !== pair.cert.split('-----BEGIN ').length - 1)
    throw new TlsError(`${cert}: no certificates in PEM, or one that is cut off`)
  const [leaf] = chain.map((text) => attempt(`${cert}: not a certificate`, () => new X509Certificate(text)))
  const secret = attempt(`${key}: not a private key in PEM`, () => createPrivateKey(pair.key))
  if (!leaf?.checkPrivateKey(secret)) throw new TlsError(`${key}: not the key of ${cert}`)
  return pair
}

export class TlsError extends Error {
  override readonly name = 'TlsError'
  readonly code = 'ETLSPAIR'
}

function attempt<T>(words: string, step: () => T): T {
  try {
    return step()
  } catch {
    throw new TlsError(words)
  }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new TlsError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
}

const LOOK_MS = 5_000

/**
 * Looks at the files again and again, since not every file system tells of changes, and gives what is new and whole. Until
 * both halves of a pair are there the old pair stays, which is said once.
 */
export function followPair(
  files: TlsFiles,
  first: Pair,
  {
    use,
    log,
    signal,
    everyMs = LOOK_MS,
  }: {
    use: (pair: Pair) => void
    log: Log
    signal: AbortSignal
    everyMs?: number
  },
): void {
  let current = first
  let told = ''
  let looking = false

  async function look(): Promise<void> {
    try {
      const pair = await readPair(files)
      told = ''
      if (pair.cert === current.cert && pair.key === current.key) return
      use(pair)
      current = pair
      const { validTo, subject } = new X509Certificate(pair.cert)
      log.info({ subject, validTo }, 'took a new certificate')
    } catch (error) {
      const words = error instanceof Error ? error.message : ''
      if (words !== told) log.error({ err: error }, 'the certificate files are no pair; keeping the old one')
      told = words
    }
  }

  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    await look()
    looking = false
  }, everyMs)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
