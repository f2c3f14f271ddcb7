// Bundles the two programs into dist/. The CLI is an entry and CommonJS files below dist/cli/, of which a command runs those
// that it uses: `main` has every command, `seal` the line that is run most, and heavy packages stand beside them; the
// controller is an entry and ES modules below dist/controller/.
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'))

const common = {
  metafile: true,
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  define: { __WAXWING_VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
}

/** Packages that most commands do without, each as a file of its own below dist/cli/, and the names that they go by. */
const heavy = {
  '@kubernetes/client-node': 'client-node',
  '@noble/post-quantum/ml-kem.js': 'ml-kem',
  ajv: 'ajv',
}
const besides = {
  name: 'besides',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path }) =>
      Object.hasOwn(heavy, path) ? { path: `./${heavy[path]}.cjs`, external: true } : undefined,
    )
  },
}
const openSslSha3 = {
  name: 'openssl-sha3',
  setup({ onResolve }) {
    const path = join(import.meta.dirname, 'shared/crypto/kem/node-sha3.ts')
    onResolve({ filter: /^@noble\/hashes\/sha3\.js$/ }, () => ({ path }))
  },
}
const commonJs = {
  ...common,
  minify: true,
  format: 'cjs',
  // The second is what esbuild adds by itself where no other is given.
  conditions: ['bundled', 'module'],
  outdir: 'dist/cli',
  outExtension: { '.js': '.cjs' },
}

// The programs go by .js, and the package.json above says of such files that they are ES modules.
await mkdir(join(import.meta.dirname, 'dist'), { recursive: true })
await writeFile(join(import.meta.dirname, 'dist/package.json'), '{"type":"commonjs"}\n')
const built = await Promise.all([
  build({
    ...commonJs,
    entryPoints: { waxwing: 'cli/node.ts', 'waxwing-controller': 'controller/node.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.js' },
    define: { ...common.define, 'import.meta.dirname': '__dirname' },
  }),
  build({ ...commonJs, entryPoints: { main: 'cli/main.ts', seal: 'cli/node-seal.ts' }, plugins: [besides] }),
  ...Object.entries(heavy).map(([path, name]) =>
    build({ ...commonJs, entryPoints: { [name]: path }, plugins: [openSslSha3] }),
  ),
  build({
    ...common,
    format: 'esm',
    entryPoints: { main: 'controller/main.ts' },
    outdir: 'dist/controller',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    // A debugging service of grpc-js would load it, which nothing here starts.
    external: ['@grpc/proto-loader'],
    // CommonJS dependencies call `require` for Node's own modules, and an ES module has none.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  }),
])
// The CLI's files are read as Latin-1, which is quicker; esbuild writes ASCII, but for regular expressions as they stand.
for (const { metafile } of built)
  for (const file of Object.keys(metafile.outputs))
    if (/\.cjs$/.test(file) && (await readFile(join(import.meta.dirname, file))).some((byte) => byte > 127))
      throw new Error(
        `${file}: a character that is not ASCII, perhaps in a regular expression; write its number`,
      )
// Only now, so that a failed build leaves the last good one: what this build did not write is of an older one.
const written = new Set(built.flatMap(({ metafile }) => Object.keys(metafile.outputs)))
for (const file of await readdir(join(import.meta.dirname, 'dist'), { recursive: true }))
  if (/\.([cm]?js|map|txt)$/.test(file) && !written.has(join('dist', file)))
    await rm(join(import.meta.dirname, 'dist', file))
for (const name of ['waxwing.js', 'waxwing-controller.js'])
  await chmod(new URL(`dist/${name}`, import.meta.url), 0o755)
