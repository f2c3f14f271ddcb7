import { SealError } from '../../shared/errors.ts'
import { VERSION } from '../../shared/version.ts'
import { usage } from '../refused.ts'

const MAX_BODY_BYTES = 1 << 20
const TIMEOUT_MS = 15_000

/**
 * The text at an address. Plain http is taken only when the key is pinned: then the answer need not be trusted. Nothing of
 * the answer gets into an error, and no redirect is followed, for it could lead away from https.
 */
export async function fetchText(
  address: string,
  pinned: boolean,
  signal: AbortSignal,
): Promise<{ source: string; text: string }> {
  const url = parse(address, pinned)
  const source = `${url.origin}${url.pathname}`
  const fail = (words: string) => new SealError('key-fetch', words, { where: { file: source } })
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/yaml', 'user-agent': `waxwing/${VERSION}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    if (response.status >= 300 && response.status < 400)
      throw fail('answers with a redirect; give the address it leads to')
    if (!response.ok || !response.body) throw fail(`answers with status ${response.status}`)
    return { source, text: await readBody(response.body, fail) }
  } catch (error) {
    if (error instanceof SealError || signal.aborted) throw error
    throw fail(`cannot be fetched (${reasonOf(error)})`)
  }
}

function parse(address: string, pinned: boolean): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw usage('--url is not an http(s) address')
  if (url.username !== '' || url.password !== '') throw usage('--url must not hold a user name or password')
  if (url.protocol === 'http:' && !pinned)
    throw usage(
      '--url needs https, or a --pin',
      'Over http anybody on the way can put in a key of their own.',
    )
  return url
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  fail: (words: string) => SealError,
): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw fail('answers with more than 1 MiB; a key is 2 kB')
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** The system's code of the failure: below the error in Node, whose `fetch` only says "fetch failed", and on it in Bun. */
function reasonOf(error: unknown): string {
  const { name, cause, code } = error as Error & { cause?: { code?: unknown }; code?: unknown }
  if (name === 'TimeoutError') return 'no answer in time'
  const reason = cause?.code ?? code
  return typeof reason === 'string' ? reason : name
}
