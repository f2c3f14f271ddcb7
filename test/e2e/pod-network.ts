import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, run } from '../support/programs.ts'

/** One network namespace for one process that plays a pod, and a link to it; needs root and iproute2. */
export interface PodNetwork {
  /** Where the pod reaches this machine. */
  hostAddress: string
  /** Where this machine, and so the API server, reaches the pod. */
  podAddress: string
  /** The command line that runs `command` as the pod: inside the network, its ServiceAccount's files in their place. */
  wrap(command: readonly string[]): string[]
  /** The files that the pod finds from now on. */
  setIdentity(identity: PodIdentity): Promise<void>
  stop(): Promise<void>
}

/** What the kubelet would put into the pod. */
interface PodIdentity {
  token: string
  namespace: string
  ca: string
}

const MOUNT = '/run/secrets/kubernetes.io/serviceaccount'

export async function startPodNetwork(subnet = '10.231.7'): Promise<PodNetwork> {
  const name = `waxwing-${process.pid}`
  const [outer, inner] = [`wxo${process.pid}`, `wxi${process.pid}`]
  const [hostAddress, podAddress] = [`${subnet}.1`, `${subnet}.2`]
  const ip = (...args: string[]) => must(run('ip', args))
  const files = await mkdtemp(join(tmpdir(), 'waxwing-pod-'))
  await mkdir(MOUNT, { recursive: true })
  await ip('netns', 'add', name)
  await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner)
  await ip('link', 'set', inner, 'netns', name)
  await ip('addr', 'add', `${hostAddress}/30`, 'dev', outer)
  await ip('link', 'set', outer, 'up')
  await ip('-n', name, 'addr', 'add', `${podAddress}/30`, 'dev', inner)
  await ip('-n', name, 'link', 'set', inner, 'up')
  await ip('-n', name, 'link', 'set', 'lo', 'up')
  return {
    hostAddress,
    podAddress,
    // `ip netns exec` gives the process mounts of its own, so the bind mount is seen by nobody else.
    wrap: (command) => [
      'ip',
      'netns',
      'exec',
      name,
      'sh',
      '-c',
      `mount --bind "$0" ${MOUNT} && exec "$@"`,
      files,
      ...command,
    ],
    async setIdentity({ token, namespace, ca }) {
      for (const [file, text] of Object.entries({ token, namespace, 'ca.crt': ca }))
        await writeFile(join(files, file), text, { mode: 0o600 })
    },
    async stop() {
      await run('ip', ['link', 'del', outer])
      await run('ip', ['netns', 'del', name])
      await rm(files, { recursive: true, force: true })
      await rm(MOUNT, { recursive: true, force: true })
    },
  }
}
