// npm run build:native: the CLI as one executable for Linux x64, dist/waxwing-native, by the Bun of test/runtimes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const bun = join(root, 'test/runtimes/node_modules/@oven/bun-linux-x64/bin/bun')
if (!existsSync(bun)) {
  console.error('the native build is made by Bun: npm ci --prefix test/runtimes')
  process.exit(2)
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(root, 'dist'), { recursive: true })

// Chunks, each with its bytecode: a command loads its own, and the imports of the others stay unloaded.
const { status } = spawnSync(
  bun,
  [
    'build',
    'cli/main.ts',
    '--compile',
    '--outfile=dist/waxwing-native',
    '--format=esm',
    '--splitting',
    '--minify',
    '--bytecode',
    // Most commands end before compiling their functions pays; this makes Bun wait five times as long with it.
    '--compile-jit-policy=5',
    `--define=__WAXWING_VERSION__=${JSON.stringify(version)}`,
    // The executable is what it was built as, whatever lies in the folder where it is run.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
)
process.exitCode = status ?? 1
