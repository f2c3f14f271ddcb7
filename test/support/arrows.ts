import type { Import } from './imports.ts'

interface Room {
  /** Path prefix; the longest that fits a file is its room. */
  at: string
  /** Prefixes and packages it may import, besides itself. */
  may: readonly string[]
}

const CORE = ['shared/errors.ts', 'shared/codes.ts', 'shared/check-codes']
const PURE = ['shared/crypto', 'shared/format', 'shared/keys', 'shared/resource', 'shared/check', ...CORE]

/** The arrows of the architecture: whatever is not allowed here is refused. */
const ROOMS: readonly Room[] = [
  { at: 'shared/errors.ts', may: ['shared/codes.ts'] },
  { at: 'shared/codes.ts', may: ['shared/check-codes'] },
  { at: 'shared/check-codes', may: [] },
  { at: 'shared/version.ts', may: [] },
  {
    at: 'shared/crypto',
    may: ['#primitives', '#node-kem', 'tweetnacl', '@noble/curves', '@noble/hashes', '@noble/post-quantum'],
  },
  { at: 'shared/crypto/primitives/native.ts', may: ['node:crypto', 'shared/crypto'] },
  { at: 'shared/crypto/primitives/bun.ts', may: ['node:crypto', 'shared/crypto'] },
  { at: 'shared/crypto/kem/node.ts', may: ['node:crypto', 'shared/crypto'] },
  { at: 'shared/crypto/kem/node-sha3.ts', may: ['node:crypto', 'shared/crypto'] },
  { at: 'shared/format', may: [...PURE, 'js-yaml', '#js-yaml', '#primitives'] },
  { at: 'shared/keys', may: [...PURE, '#primitives'] },
  { at: 'shared/resource', may: [...PURE, '#primitives'] },
  { at: 'shared/check', may: [...PURE, '#x509'] },
  { at: 'shared/check/types/x509/node.ts', may: ['node:process', 'shared/check'] },
  { at: 'shared/policy', may: [...PURE, 'picomatch'] },
  { at: 'shared/ops', may: [...PURE, 'shared/policy', 'js-yaml'] },
  { at: 'shared/kube', may: [...CORE, 'node:*', '@kubernetes/client-node', '#js-yaml'] },
  { at: 'shared/sandbox', may: [...CORE, 'shared/version.ts', 'node:*', 'ajv', '#js-yaml'] },
  { at: 'cli', may: ['shared', 'node:*', 'commander', '#primitives'] },
  {
    at: 'controller',
    may: ['shared', 'node:*', 'commander', 'express', 'helmet', 'pino', 'pino-pretty', 'prom-client'],
  },
  {
    at: 'controller/keys/at-rest/kms',
    may: ['controller', 'shared', 'node:crypto', '@grpc/grpc-js', 'protobufjs'],
  },
  {
    at: 'controller/tracing/otel.ts',
    may: ['controller', 'shared', 'node:async_hooks', 'node:http', '@opentelemetry'],
  },
  { at: 'controller/tracing/exporter.ts', may: ['controller', '@opentelemetry'] },
  {
    at: 'controller/reconcile/decide.ts',
    may: ['controller/reconcile', 'controller/objects.ts', 'shared/kube/port.ts', ...PURE],
  },
]

const within = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`)

function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  return rooms.filter(({ at }) => within(file, at)).sort((a, b) => b.at.length - a.at.length)[0]
}

/** Every import that is no arrow of the architecture, in words. */
export function wrongArrows(imports: readonly Import[], rooms: readonly Room[] = ROOMS): string[] {
  return imports.flatMap(({ from, to }) => {
    const room = roomOf(from, rooms)
    if (!room) return [`${from} stands in no room`]
    const allowed =
      within(to, room.at) ||
      room.may.some((prefix) => (prefix === 'node:*' ? to.startsWith('node:') : within(to, prefix)))
    return allowed ? [] : [`${from} → ${to}`]
  })
}

/** Cycles of static imports, each as the files on its way. */
export function cycles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to, lazy } of imports) if (!lazy) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) found.push([...way.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...way, file])
    done.add(file)
  }
  for (const file of next.keys()) visit(file, [])
  return found
}

/** Everything that loading `entry` loads, each with the file that brought it in. */
export function loadedBy(entry: string, imports: readonly Import[]): Map<string, string> {
  const loaded = new Map([[entry, '']])
  const queue = [entry]
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const { from, to, lazy } of imports)
      if (from === file && !lazy && !loaded.has(to)) {
        loaded.set(to, from)
        queue.push(to)
      }
  return loaded
}
