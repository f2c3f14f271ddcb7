import { afterAll, beforeAll } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../shared/sandbox/start.ts'

/** The answer to one request. Tests read into bodies of many kinds, so they are not typed further. */
interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: see above
  body: any
}

interface CallOptions {
  type?: string
  accept?: string
  headers?: Record<string, string>
}

const MERGE = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
export const STRATEGIC = 'application/strategic-merge-patch+json'
export const APPLY = 'application/apply-patch+yaml'

export interface Client {
  readonly sandbox: Sandbox
  get(path: string, options?: CallOptions): Promise<Answer>
  post(path: string, body: unknown, options?: CallOptions): Promise<Answer>
  put(path: string, body: unknown, options?: CallOptions): Promise<Answer>
  patch(path: string, body: unknown, type?: string): Promise<Answer>
  delete(path: string, body?: unknown): Promise<Answer>
  /** The first `count` lines of a watch, then it is closed; fewer when the server ends it. */
  watch(path: string, count: number, options?: CallOptions): Promise<WatchLine[]>
}

export interface WatchLine {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: see above
  object: any
}

/** A sandbox over plain HTTP for the tests of a file, and calls to it as its admin. */
export function useSandbox(options: SandboxOptions = {}): Client {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await startSandbox({ tls: false, ...options })
  })
  afterAll(() => sandbox?.stop())

  function running(): Sandbox {
    if (sandbox === undefined) throw new Error('the sandbox is not running yet')
    return sandbox
  }

  function send(method: string, path: string, body: unknown, options: CallOptions, signal?: AbortSignal) {
    return fetch(running().url + path, {
      method,
      headers: {
        Authorization: `Bearer ${running().token}`,
        Accept: options.accept ?? 'application/json',
        'User-Agent': 'unit-test/1.0',
        ...(body === undefined ? {} : { 'Content-Type': options.type ?? 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const response = await send(method, path, body, options)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }

  return {
    get sandbox() {
      return running()
    },
    get: (path, options) => call('GET', path, undefined, options),
    post: (path, body, options) => call('POST', path, body, options),
    put: (path, body, options) => call('PUT', path, body, options),
    patch: (path, body, type = MERGE) => call('PATCH', path, body, { type }),
    delete: (path, body) => call('DELETE', path, body),
    async watch(path, count, options = {}) {
      const controller = new AbortController()
      const lines: WatchLine[] = []
      let rest = ''
      const response = await send('GET', path, undefined, options, controller.signal)
      for await (const chunk of response.body ?? []) {
        const parts = (rest + Buffer.from(chunk).toString()).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts.map((line) => JSON.parse(line) as WatchLine))
        if (lines.length >= count) break
      }
      controller.abort()
      return lines
    },
  }
}

/** Asks until the answer fits, for what the server does a moment later. */
export async function eventually(ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5_000
  while (!(await ask())) {
    if (Date.now() > end) throw new Error('did not happen within 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What makes a namespace in which a test is alone. */
export async function newNamespace(client: Client, name: string): Promise<string> {
  const made = await client.post('/api/v1/namespaces', { metadata: { name } })
  if (made.status !== 201) throw new Error(`namespace ${name}: ${made.status}`)
  return `/api/v1/namespaces/${name}`
}
