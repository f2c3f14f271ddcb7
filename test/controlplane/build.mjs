// Builds the test control plane and helm, once a machine: `node test/controlplane/build.mjs` prints the
// folder that holds both. Plain Node, so that it runs before anything of the repository is built.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const helm = 'helm.sh/helm/v3/cmd/helm'

/** The folder of `controlplane` and `helm`; builds them when this machine has not got them yet. */
export async function controlPlaneDir() {
  const goMod = await readFile(join(here, 'go.mod'), 'utf8')
  const ldflags = `-s -w ${versionStamps(goMod).join(' ')}`
  const hash = createHash('sha256').update(goMod).update(ldflags)
  for (const file of ['go.sum', 'main.go']) hash.update(await readFile(join(here, file)))
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waxwing')
  const folder = join(cache, hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder

  await mkdir(cache, { recursive: true })
  // Beside its final place: a rename across file systems would not be atomic.
  const unfinished = await mkdtemp(join(cache, 'building-'))
  try {
    await build(unfinished, ldflags)
    await rename(unfinished, folder).catch((error) => {
      // Another process was faster; what it made is the same.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

// A plain `go build` leaves v0.0.0-master in the binaries, which kubectl and charts' version checks refuse.
function versionStamps(goMod) {
  const kubernetes = required(goMod, 'k8s.io/kubernetes')
  const [major, minor] = kubernetes.slice(1).split('.')
  const stamps = [['helm.sh/helm/v3/internal/version.version', required(goMod, 'helm.sh/helm/v3')]]
  for (const component of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
    stamps.push(
      [`${component}.gitVersion`, kubernetes],
      [`${component}.gitMajor`, major],
      [`${component}.gitMinor`, minor],
    )
  }
  for (const part of ['pkg/chartutil', 'pkg/lint/rules']) {
    stamps.push([`helm.sh/helm/v3/${part}.k8sVersionMajor`, major])
    stamps.push([`helm.sh/helm/v3/${part}.k8sVersionMinor`, minor])
  }
  return stamps.map(([name, value]) => `-X ${name}=${value}`)
}

function required(goMod, module) {
  const version = goMod
    .split('\n')
    .map((line) => line.trim().split(' '))
    .find((words) => words[0] === module && words[1] !== '=>')?.[1]
  if (!version) throw new Error(`go.mod does not require ${module}`)
  return version
}

function build(out, ldflags) {
  const started = Date.now()
  const progress = (text) => process.stderr.write(`test control plane: ${text}\n`)
  progress('building with Go; a first build takes five to ten minutes')
  const args = ['build', '-mod=readonly', '-trimpath', '-ldflags', ldflags, '-o', `${out}/`, '.', helm]
  // Without cgo the build needs no C compiler and does not depend on the one that is there.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' }
  const child = spawn('go', args, { cwd: here, env, stdio: ['ignore', 2, 2] })
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  const timer = setInterval(() => progress(`still building, ${seconds()}`), 30_000)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const missing = error.code === 'ENOENT'
      reject(
        missing ? new Error('Go 1.26 or newer is needed on PATH to build the test control plane') : error,
      )
    })
    child.once('exit', (code, signal) => {
      if (code === 0) progress(`built in ${seconds()}`)
      if (code === 0) resolve()
      else reject(new Error(`go build ended with ${signal ?? `code ${code}`}`))
    })
  }).finally(() => clearInterval(timer))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  controlPlaneDir().then(
    (folder) => process.stdout.write(`${folder}\n`),
    (error) => {
      process.stderr.write(`test control plane: ${error.message}\n`)
      process.exitCode = 1
    },
  )
}
