import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cycles, loadedBy, wrongArrows } from './support/arrows.ts'
import { importsOf, readImports } from './support/imports.ts'

const root = join(import.meta.dirname, '..')
const imports = readImports(root, ['cli', 'controller', 'shared'])
const files = [...new Set(imports.map(({ from }) => from))]

test('every import is an arrow of the architecture', () => {
  expect(files.length).toBeGreaterThan(20)
  expect(wrongArrows(imports)).toEqual([])
})

test('no files import each other in a circle', () => {
  expect(cycles(imports)).toEqual([])
})

test('the pure core knows no clock, randomness, process, disk or network', () => {
  const impure =
    /\b(Date\.now|new Date\(\)|Math\.random|getRandomValues|randomBytes|process\.|console\.|performance\.|fetch\(|setTimeout|setInterval)/
  const found = files
    .filter((file) => /^shared\/(crypto|format|keys|resource|check|policy|ops)\//.test(file))
    .flatMap((file) => {
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      const hit = impure.exec(code)
      return hit ? [`${file}: ${hit[0]}`] : []
    })
  expect(found).toEqual([])
})

test('what a command does not use it does not load', () => {
  const heavy = [
    '@kubernetes/client-node',
    'express',
    '@noble/post-quantum',
    '@noble/curves',
    'picomatch',
    'pino',
    'prom-client',
  ]
  for (const entry of [
    'cli/main.ts',
    'cli/commands/seal.ts',
    'cli/commands/unseal.ts',
    'cli/commands/verify.ts',
    'cli/commands/set.ts',
    'cli/commands/unset.ts',
    'cli/commands/rename-key.ts',
    'cli/commands/edit.ts',
  ]) {
    const loaded = loadedBy(entry, imports)
    const leaked = heavy.filter((name) => loaded.has(name)).map((name) => `${name} by ${loaded.get(name)}`)
    expect(leaked, entry).toEqual([])
  }
})

test('a controller without a KMS does not load what speaks to one', () => {
  const loaded = loadedBy('controller/main.ts', imports)
  expect(loaded.has('controller/keys/at-rest/kms/provider.ts')).toBe(true)
  expect(['@grpc/grpc-js', 'protobufjs/light.js'].filter((name) => loaded.has(name))).toEqual([])
})

test('a controller without traces does not load what makes them', () => {
  const loaded = loadedBy('controller/main.ts', imports)
  expect(loaded.has('controller/tracing/start.ts')).toBe(true)
  expect([...loaded.keys()].filter((name) => name.startsWith('@opentelemetry/'))).toEqual([])
})

describe('the test itself fails when', () => {
  const also = (file: string, line: string) => wrongArrows([...imports, ...importsOf(file, line)])

  test.each([
    ['the core imports a program', 'shared/format/seal.ts', "import { x } from '../../cli/program.ts'"],
    [
      'crypto imports the format',
      'shared/crypto/value.ts',
      "import type { Envelope } from '../format/sealed-secret.ts'",
    ],
    ['the core reads the disk', 'shared/keys/seed.ts', "import { readFileSync } from 'node:fs'"],
    ['a program imports the other', 'cli/program.ts', "import { run } from '../controller/run.ts'"],
    ['the other imports the first', 'controller/run.ts', "const x = await import('../cli/program.ts')"],
    [
      'a second place imports the client',
      'controller/watch.ts',
      "import { KubeConfig } from '@kubernetes/client-node'",
    ],
    [
      'a decision does something',
      'controller/reconcile/decide.ts',
      "import { connect } from '../../shared/kube/client.ts'",
    ],
  ])('%s', (_what, file, line) => {
    expect(also(file, line)).toHaveLength(1)
  })

  test('two files import each other', () => {
    const turned = importsOf('shared/crypto/bytes.ts', "import { box } from './value.ts'")
    expect(cycles([...imports, ...turned])).not.toEqual([])
  })
})
