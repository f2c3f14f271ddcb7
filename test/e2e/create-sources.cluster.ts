import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseEnvFile } from '../../shared/ops/create/env-file.ts'
import { parseFileSource, parseLiteral } from '../../shared/ops/create/sources.ts'
import { newValues } from '../../shared/ops/create/values.ts'
import { controlPlaneDir } from '../controlplane/build.mjs'
import { run } from '../support/programs.ts'

// The flags of `create`, read as the real kubectl reads them. No cluster is started.

let dir: string
let program: string
const environment = { FROM_SHELL: 'shell', EMPTY_IN_SHELL: '' }

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waxwing-kubectl-'))
  program = join(await controlPlaneDir(), 'controlplane')
  await writeFile(join(dir, 'file'), 'x')
}, 20 * 60_000)
afterAll(() => rm(dir, { recursive: true, force: true }))

/** The values that kubectl makes of a flag; undefined where it refuses. */
async function byKubectl(flag: string): Promise<Record<string, string> | undefined> {
  const args = ['kubectl', 'create', 'secret', 'generic', 'x', flag, '--dry-run=client', '-o', 'json']
  const env = { ...process.env, HOME: dir, KUBECONFIG: join(dir, 'none'), ...environment }
  const { code, stdout } = await run(program, args, { env, cwd: dir })
  return code === 0 ? ((JSON.parse(stdout) as { data?: Record<string, string> }).data ?? {}) : undefined
}

/** The same by ours. */
function byOurs(read: () => readonly (readonly [string, string])[]): Record<string, string> | undefined {
  try {
    const values = newValues()
    for (const [key, value] of read()) values.put(key, value)
    return Object.fromEntries(
      [...values.map].map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    )
  } catch {
    return undefined
  }
}

const ENV_FILES = [
  'A=b\n',
  'A=b',
  'A=b\r\nC=d\r\n',
  'A=b\r\r\n',
  '\uFEFFA=b\n',
  'A=b\n\uFEFFC=d\n',
  '# comment\n  # indented\n\nA=b\n',
  'A=b # no comment\n',
  '   A=b\n\tC=d\n',
  '\u00a0A=b\n\u2003C=d\n',
  'A = b\n',
  'A= b \n',
  'A="b"\nC=\'d\'\n',
  'A=\n',
  'A=b=c=d\n',
  '=b\n',
  'export A=b\n',
  'FROM_SHELL\n',
  'EMPTY_IN_SHELL\nNOT_IN_SHELL\n',
  'FROM_SHELL \n',
  'a-b.c_d1=x\n',
  '1A=x\n',
  '.A=x\n',
  '..A=x\n',
  '.=x\n',
  '-=x\n',
  'Ä=x\n',
  'A=ä✓\n',
  'A=b\nA=c\n',
  'A=b\n\n\n',
  '',
  '\n',
  'A=$B\\n\n',
]

describe('env files', () => {
  test.each(ENV_FILES)('%j', async (text) => {
    await writeFile(join(dir, 'sample.env'), text)
    const ours = byOurs(() =>
      parseEnvFile('sample.env', text, environment).map(({ key, value }) => [key, value] as const),
    )
    expect(ours).toEqual(await byKubectl('--from-env-file=sample.env'))
  })
})

const LITERALS = [
  'a=b',
  'a=',
  '=b',
  'a',
  '',
  'a=b=c',
  'a="b"',
  "a='b'",
  ' a=b',
  'a= b ',
  'a.b-c_d=x',
  'a b=c',
  '..a=b',
]

test.each(LITERALS)('--from-literal %j', async (text) => {
  const ours = byOurs(() => {
    const { key, value } = parseLiteral(text)
    return [[key, value]]
  })
  expect(ours).toEqual(await byKubectl(`--from-literal=${text}`))
})

const FILES = ['file', './file', 'key=file', 'key=./file', '=file', 'key=', 'a=b=file', 'k y=file']

test.each(FILES)('--from-file %j', async (text) => {
  const ours = byOurs(() => {
    const { key, path } = parseFileSource(text)
    return [[key ?? path.split('/').at(-1) ?? '', 'x']]
  })
  expect(ours).toEqual(await byKubectl(`--from-file=${text}`))
})
