// npm run build:native: the CLI as one executable for Linux x64, dist/waxwing-native, by the Bun of test/runtimes.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = import.meta.dirname
const bun = join(root, 'test/runtimes/node_modules/@oven/bun-linux-x64/bin/bun')
if (!existsSync(bun)) {
  console.error('the native build is made by Bun: npm ci --prefix test/runtimes')
  process.exit(2)
}
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(root, 'dist'), { recursive: true })

const program = join(root, 'dist/waxwing-native')
const site = mkdtempSync(join(tmpdir(), 'waxwing-native-'))
try {
  build()
  // What sealing needs of all the bytecode is laid out together, in the order in which a run asked for it.
  const order = join(site, 'order')
  seal({ BUN_BYTECODE_ORDER_OUT: order })
  build(`--bytecode-order=${order}`)
} finally {
  rmSync(site, { recursive: true })
}

/** Chunks, each with its bytecode: a command loads its own, and the imports of the others stay unloaded. */
function build(...more) {
  run(bun, root, {}, [
    'build',
    'cli/main.ts',
    '--compile',
    '--outfile=dist/waxwing-native',
    '--format=esm',
    '--splitting',
    '--conditions=bundled',
    '--minify',
    '--bytecode',
    // Most commands end before compiling their functions pays; this makes Bun wait twenty times as long with it.
    '--compile-jit-policy=20',
    `--define=__WAXWING_VERSION__=${JSON.stringify(version)}`,
    // The executable is what it was built as, whatever lies in the folder where it is run.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...more,
  ])
}

function seal(env) {
  const key = run(program, site, {}, ['keys', 'generate', '--name', 'prod', '--seed-out', 'prod.seed.yaml'])
  writeFileSync(join(site, 'prod.key.yaml'), key)
  const metadata = 'metadata:\n  name: db\n  namespace: shop\n'
  const secret = `apiVersion: v1\nkind: Secret\n${metadata}type: Opaque\nstringData:\n  password: s3cr3t.S3CR3T\n`
  writeFileSync(join(site, 'db.yaml'), secret)
  run(program, site, env, ['seal', '-k', 'prod.key.yaml', 'db.yaml'])
}

function run(command, cwd, env, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...process.env, ...env } })
  if (status === 0) return stdout
  throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr}`)
}
