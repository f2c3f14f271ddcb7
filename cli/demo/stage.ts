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

interface Programs {
  waxwing: string
  controller: string
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
      const controller = start(process.execPath, [programs.controller, ...flags, ...listen])
      undo.push(() => controller.stop())
    }
    return { folder, repository, kubeconfig, server: sandbox.url, kube, programs, startController, clear }
  } catch (error) {
    await clear()
    throw error
  }
}

async function findPrograms(): Promise<Programs> {
  const [, self] = process.argv
  if (self === undefined) throw new SealError('internal', 'the program does not know its own path')
  const waxwing = await realpath(self)
  const dist = dirname(waxwing)
  return {
    waxwing,
    controller: join(dist, 'waxwing-controller.js'),
    crds: join(dist, '../charts/waxwing/crds'),
  }
}
