import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { connect } from '../../shared/kube/client.ts'
import { loadConnection } from '../../shared/kube/config.ts'
import type { Kube } from '../../shared/kube/port.ts'
import { startSandbox } from '../../shared/sandbox/start.ts'
import { VERSION } from '../../shared/version.ts'
import { start } from './child.ts'

/** Where the demo plays: a folder, an embedded API server, and a controller that serves it. */
export interface Stage {
  folder: string
  /** The git repository, below `folder`. */
  repository: string
  kubeconfig: string
  server: string
  kube: Kube
  /** The built programs and the manifests beside them. */
  programs: Programs
  startController(): void
  /** Ends the controller and the server, and removes the folder. */
  clear(): Promise<void>
}

/** Programs are commands with their first arguments. */
interface Programs {
  waxwing: readonly [string, ...string[]]
  controller: readonly [string, ...string[]]
  crds: string
}

export const CONTROLLER_NAMESPACE = 'waxwing-system'

export async function setStage(): Promise<Stage> {
  const programs = await findPrograms()
  const folder = await mkdtemp(join(tmpdir(), 'waxwing-demo-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const clear = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const sandbox = await startSandbox()
    undo.push(() => sandbox.stop())
    const repository = join(folder, 'shop')
    const kubeconfig = join(folder, 'kubeconfig')
    await mkdir(repository)
    await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 })
    const kube = connect(await loadConnection({ kubeconfig }), { userAgent: `waxwing/${VERSION}` })
    undo.push(async () => kube.close())
    const startController = () => {
      const flags = [
        '--kubeconfig',
        kubeconfig,
        '--namespace',
        CONTROLLER_NAMESPACE,
        '--cluster-name',
        'demo',
      ]
      const listen = ['--listen', '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0']
      const [command, ...args] = programs.controller
      const controller = start(command, [...args, ...flags, ...listen])
      undo.push(() => controller.stop())
    }
    return { folder, repository, kubeconfig, server: sandbox.url, kube, programs, startController, clear }
  } catch (error) {
    await clear()
    throw error
  }
}

async function findPrograms(): Promise<Programs> {
  const [, self = ''] = process.argv
  // Bun's own file system: the native executable, which is a program by itself. The controller is not in it.
  const native = self.startsWith('/$bunfs/')
  const program = await realpath(native ? process.execPath : self)
  const node = native ? 'node' : process.execPath
  const dist = dirname(program)
  const controller = join(dist, 'waxwing-controller.js')
  const crds = join(dist, '../charts/waxwing/crds')
  for (const part of [controller, crds])
    if (!existsSync(part))
      throw new SealError(
        'environment',
        'the demo needs the controller and its CRDs, which are not beside this program',
        {
          hint: 'Run it from the npm package, or from a checkout after `npm run build`.',
        },
      )
  return { waxwing: native ? [program] : [node, program], controller: [node, controller], crds }
}
