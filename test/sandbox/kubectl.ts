import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface Kubectl {
  /** Runs kubectl, which has to succeed; what it printed on stdout. */
  run(args: string, input?: object | string): Promise<string>
  /** Runs kubectl, which has to fail; what it said on stderr, or else on stdout. */
  fail(args: string, input?: object | string): Promise<string>
  /** What it printed until `lines` lines were there, or for so long; then it is ended. */
  follow(args: string, lines: number): Promise<string[]>
  remove(): Promise<void>
}

interface Result {
  code: number | null
  stdout: string
  stderr: string
}

/** The kubectl of this machine against the kubeconfig, with caches of its own. */
export async function kubectlWith(kubeconfig: string): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-kubectl-'))
  const file = join(folder, 'kubeconfig')
  await mkdir(join(folder, 'home'))
  await writeFile(file, kubeconfig, { mode: 0o600 })
  const program = (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'kubectl'))
    .find(existsSync)
  if (program === undefined) throw new Error('there is no kubectl on the PATH')
  const env = { PATH: process.env.PATH, HOME: join(folder, 'home'), KUBECONFIG: file }

  function launch(args: string) {
    // Words are parted at spaces; a word in single quotes may hold some.
    const words = [...args.matchAll(/(?:'([^']*)'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''))
    return spawn(program ?? '', words, { env })
  }

  function result(args: string, input?: object | string): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = launch(args)
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (chunk) => {
        stdout += chunk
      })
      child.stderr.on('data', (chunk) => {
        stderr += chunk
      })
      child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.end(input === undefined ? '' : typeof input === 'string' ? input : JSON.stringify(input))
    })
  }

  return {
    async run(args, input) {
      const { code, stdout, stderr } = await result(args, input)
      if (code !== 0) throw new Error(`kubectl ${args}: exit ${code}\n${stdout}${stderr}`)
      return stdout.trim()
    },
    async fail(args, input) {
      const { code, stdout, stderr } = await result(args, input)
      if (code === 0) throw new Error(`kubectl ${args} succeeded:\n${stdout}`)
      return (stderr || stdout).trim()
    },
    follow(args, lines) {
      return new Promise((resolve, reject) => {
        const child = launch(args)
        let text = ''
        const seen = () => text.split('\n').filter((line) => line !== '')
        child.stdout.on('data', (chunk) => {
          text += chunk
          if (seen().length >= lines) child.kill()
        })
        child.on('error', reject).on('close', () => resolve(seen()))
      })
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
