import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { node24 } from './orders.ts'

const root = join(import.meta.dirname, '../..')
export const script = join(root, 'dist/waxwing.js')
export const native = join(root, 'dist/waxwing-native')

/** The Node of the machine: the one on the PATH, which runs this program by another one. */
export const [machineNode = '', machineVersion = ''] = execFileSync(
  'node',
  ['-p', 'process.execPath + "\\n" + process.version'],
  { encoding: 'utf8' },
).split('\n')

/** A folder with a sealing key and a manifest of three values. */
export function makeSite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waxwing-bench-'))
  const key = execFileSync(
    node24,
    [script, 'keys', 'generate', '--name', 'prod', '--seed-out', 'prod.seed.yaml'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  writeFileSync(join(folder, 'prod.key.yaml'), key)
  writeFileSync(join(folder, 'db.yaml'), manifest('db'))
  return folder
}

const manifest = (name: string): string => `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: shop
type: Opaque
stringData:
  username: shop
  password: correct-horse-battery-staple
  url: postgres://db.shop.svc:5432/shop
`

/** `count` manifests below `folder`; gives their names in it. */
export function fillFolder(folder: string, count: number): string[] {
  mkdirSync(folder, { recursive: true })
  const names = Array.from({ length: count }, (_, i) => `db-${String(i).padStart(5, '0')}.yaml`)
  for (const name of names) writeFileSync(join(folder, name), manifest(name.slice(0, -5)))
  return names
}
