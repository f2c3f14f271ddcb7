import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, run } from '../support/programs.ts'
import { type PostsSite, startPosts } from '../unit/controller/posts-site.ts'

// The OpenAPI document against the server that serves it, by schemathesis, which needs Python 3 and is installed into a
// folder of its own. npm test has a smaller fuzzer that needs Node alone: http-schema.test.ts.

const VERSION = '4.32.5'
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const venv = join(cache, 'waxwing', `schemathesis-${VERSION}`)
const program = join(venv, 'bin', 'st')
let posts: PostsSite
let cwd: string

beforeAll(async () => {
  if (!existsSync(program)) {
    await mkdir(join(cache, 'waxwing'), { recursive: true })
    await must(run('python3', ['-m', 'venv', '--clear', venv]))
    await must(run(join(venv, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`]))
  }
  cwd = await mkdtemp(join(tmpdir(), 'waxwing-fuzz-'))
  posts = await startPosts()
}, 600_000)
afterAll(async () => {
  await posts?.stop()
  if (cwd) await rm(cwd, { recursive: true, force: true })
})

test('schemathesis finds nothing', async () => {
  const token = await posts.token('fuzz')
  const flags = [
    '--max-examples',
    '20',
    '--workers',
    '3',
    '--seed',
    '1',
    '--no-color',
    '--request-timeout',
    '10',
  ]
  // Of YAML it reads one document, and all keys are several.
  const headers = [`X-Waxwing-Token: ${token}`, 'Accept: application/json'].flatMap((header) => [
    '-H',
    header,
  ])
  const { code, stdout, stderr } = await run(
    program,
    ['run', `${posts.url}/v1/openapi.json`, '--url', posts.url, ...headers, ...flags],
    { cwd },
  )
  expect(code, stdout.slice(-6_000) + stderr.slice(-2_000)).toBe(0)
  // That it did something.
  expect(stdout).toMatch(/Tested: [5-9]/)
  expect(stdout).not.toContain('Traceback')
})
