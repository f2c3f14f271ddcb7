import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditEvent, readAudit } from './audit.ts'
import { controlPlaneDir } from './build.mjs'
import { spaceAlarm, timesWritten } from './etcd.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { removeAtExit } from './process.ts'
import { type Bind, preparePrograms } from './programs.ts'
import { apiserverReady, garbageCollectorReady } from './ready.ts'
import { bindTools, type Tool } from './tools.ts'

/** The programs of a control plane. */
type Part = 'etcd' | 'apiserver' | 'kcm'

/** A running etcd, kube-apiserver and kube-controller-manager, all of them this process's own. */
export interface ControlPlane {
  /** Everything it keeps, the logs included (`apiserver.log` and so on); gone after `stop`. */
  readonly dir: string
  readonly server: string
  /** A kubeconfig of the admin, a member of `system:masters`. */
  readonly kubeconfig: string
  readonly adminToken: string
  readonly caFile: string
  readonly pids: Readonly<Record<Part, number>>
  readonly kubectl: Tool
  readonly helm: Tool
  /**
   * The writes since the control plane was ready, in the order in which they were done. The server notes
   * a write before it sends a short answer, but may note it just after the start of a long one.
   */
  auditEvents(): Promise<AuditEvent[]>
  /** By name, how often each object was written since its creation, cut-off writes that were done included. */
  timesWritten(resource: string, namespace: string): Promise<Map<string, number>>
  /** Makes etcd refuse writes, as when its disk is full, or take them again. */
  setFull(full: boolean): Promise<void>
  /** The path of a new kubeconfig with that token. */
  kubeconfigFor(token: string): Promise<string>
  /**
   * Starts a part again and waits until the whole is ready. If it still runs it ends as in a crash: an
   * orderly end takes the API server more than ten seconds while anyone watches (`kill` with SIGTERM).
   *
   * The garbage collector learns of a new CustomResourceDefinition within half a minute or so, and forgets
   * nothing until then; a test that cannot wait restarts `kcm` once its definitions are established.
   */
  restart(part: Part): Promise<void>
  /** Sends a signal; waits for the end after SIGKILL, SIGTERM and SIGINT. */
  kill(part: Part, signal: NodeJS.Signals): Promise<void>
  /** Ends all three and removes the folder. May be called twice. */
  stop(): Promise<void>
}

/** Settings of a control plane; each has a default. */
export interface ControlPlaneOptions {
  bind?: Bind
  /** Where the audit log goes instead of the folder that `stop` removes. */
  auditDir?: string
  /** Further flags of kube-apiserver; the last one of a name counts. */
  apiserverFlags?: readonly string[]
}

/** Starts a control plane on free ports and returns when it answers and collects garbage. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      // Between asking for a free port and using it, someone else may have taken it.
      if (attempt === 3 || !String(error).includes('address already in use')) throw error
    }
  }
}

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  const binaries = await controlPlaneDir()
  const dir = await mkdtemp(join(tmpdir(), 'controlplane-'))
  const forget = removeAtExit(dir)
  await mkdir(join(dir, 'home'))
  const programs = await preparePrograms(join(binaries, 'controlplane'), dir, {
    bind: options.bind ?? 'loopback',
    auditDir: options.auditDir ?? join(dir, 'audit'),
    apiserverFlags: options.apiserverFlags ?? [],
  })
  const { server, etcdUrl, caFile, adminToken, auditFile } = programs

  const ready = async () => {
    await apiserverReady(programs, programs.apiserver)
    await garbageCollectorReady(programs, programs.kcm)
  }
  const stop = async () => {
    // Nothing of it is read again, so no part gets time to put its house in order.
    const { etcd, apiserver, kcm } = programs
    await Promise.all([kcm, apiserver, etcd].map((part) => part.kill('SIGKILL')))
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    forget()
  }

  try {
    programs.etcd.start()
    programs.apiserver.start()
    await apiserverReady(programs, programs.apiserver)
    programs.kcm.start()
    await ready()
  } catch (error) {
    await stop()
    throw error
  }
  const kubeconfig = await writeKubeconfig(join(dir, 'admin.kubeconfig'), {
    server,
    caFile,
    token: adminToken,
  })
  const auditStart = (await stat(auditFile)).size
  let kubeconfigs = 0

  return {
    dir,
    server,
    kubeconfig,
    adminToken,
    caFile,
    get pids() {
      return { etcd: programs.etcd.pid, apiserver: programs.apiserver.pid, kcm: programs.kcm.pid }
    },
    ...bindTools(binaries, dir, kubeconfig),
    auditEvents: () => readAudit(auditFile, auditStart),
    setFull: (full) => spaceAlarm(etcdUrl, full),
    timesWritten: (resource, namespace) => timesWritten(etcdUrl, resource, namespace),
    kubeconfigFor: (token) =>
      writeKubeconfig(join(dir, `token-${++kubeconfigs}.kubeconfig`), { server, caFile, token }),
    async restart(part) {
      await programs[part].kill('SIGKILL')
      programs[part].start()
      await ready()
    },
    kill: (part, signal) => programs[part].kill(signal),
    stop,
  }
}
