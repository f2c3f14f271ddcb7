import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SealError } from '../../shared/errors.ts'
import { openPrivateFolder } from './private-folder.ts'

export interface Editor {
  inMemory: boolean
  /** Shows a text and waits; gives what it became. */
  edit(text: string, signal: AbortSignal): Promise<string>
  close(): void
}

/** `$VISUAL`, `$EDITOR`, `vi`, as git and kubectl choose; the text is in a file that nobody else can read. */
export function openEditor(name: string, env: NodeJS.ProcessEnv = process.env): Editor {
  const command = env.VISUAL || env.EDITOR || 'vi'
  const folder = openPrivateFolder(env)
  const path = join(folder.path, name)
  return {
    inMemory: folder.inMemory,
    async edit(text, signal) {
      writeFileSync(path, text, { mode: 0o600 })
      await run(command, path, signal)
      return readBack(path)
    },
    close: folder.wipe,
  }
}

/** Through the shell: the variables hold command lines (`code --wait`). */
async function run(command: string, path: string, signal: AbortSignal): Promise<void> {
  const failed = (words: string) => new SealError('editor-failed', `the editor ${words}`)
  await new Promise<void>((resolve, reject) => {
    const child = spawn('sh', ['-c', `${command} "$1"`, 'sh', path], { stdio: 'inherit' })
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    process.on('exit', stop)
    child.once('error', () => reject(failed('cannot be started')))
    child.once('close', (code, ended) => {
      signal.removeEventListener('abort', stop)
      process.off('exit', stop)
      if (signal.aborted) reject(signal.reason)
      else if (code === 0) resolve()
      else
        reject(
          failed(
            code === null ? `was ended by ${ended}` : code === 127 ? 'is not there' : `ended with ${code}`,
          ),
        )
    })
  })
}

/** A file that is gone was emptied, in a way. */
function readBack(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return ''
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new SealError('editor-failed', 'the editor left something else than UTF-8 text')
  }
}
