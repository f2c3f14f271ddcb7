import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type CommandResult, runCommand } from './process.ts'

/** How to run one command; without a kubeconfig it runs as the admin. */
interface CommandOptions {
  input?: string
  kubeconfig?: string
  cwd?: string
}

/** Runs kubectl or helm with the given arguments; a failure of the command is a result, not an exception. */
export type Tool = (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>

/** kubectl and helm, bound to a control plane and cut off from the user's own settings and caches. */
export function bindTools(binaries: string, dir: string, kubeconfig: string): { kubectl: Tool; helm: Tool } {
  const env = isolatedEnvironment(dir)
  const bind = (command: string, first: readonly string[]): Tool => {
    return (args, options = {}) =>
      runCommand(command, [...first, ...args], {
        env: { ...env, KUBECONFIG: options.kubeconfig ?? kubeconfig },
        input: options.input,
        cwd: options.cwd,
      })
  }
  const installed = onPath('kubectl')
  return {
    kubectl: installed ? bind(installed, []) : bind(join(binaries, 'controlplane'), ['kubectl']),
    helm: bind(join(binaries, 'helm'), []),
  }
}

function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, command)).find((file) => existsSync(file))
}

// kubectl caches what a server can do by its host and port, for hours: another control plane on the same
// port would be taken for this one. Everything kept under the home folder moves into ours, therefore.
function isolatedEnvironment(dir: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(HELM_|KUBE|XDG_)|_proxy$/i.test(name))
  return { ...Object.fromEntries(kept), HOME: join(dir, 'home') }
}
