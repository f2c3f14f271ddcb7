// Bundles the two programs into dist/: each an entry file, with the parts that only some commands need in chunks beside it.
import { chmod, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'))
const programs = { waxwing: 'cli/main.ts', 'waxwing-controller': 'controller/main.ts' }

const { metafile } = await build({
  metafile: true,
  absWorkingDir: import.meta.dirname,
  entryPoints: programs,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  define: { __WAXWING_VERSION__: JSON.stringify(version) },
  // CommonJS dependencies call `require` for Node's own modules, and an ES module has none.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
// Only now, so that a failed build leaves the last good one: what this build did not write is of an older one.
const written = new Set(Object.keys(metafile.outputs))
for (const file of await readdir(join(import.meta.dirname, 'dist'), { recursive: true }))
  if (/\.(js|map|txt)$/.test(file) && !written.has(join('dist', file)))
    await rm(join(import.meta.dirname, 'dist', file))
for (const name of Object.keys(programs)) await chmod(new URL(`dist/${name}.js`, import.meta.url), 0o755)
