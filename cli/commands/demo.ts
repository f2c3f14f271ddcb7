import { setStage } from '../demo/stage.ts'
import { type Telling, tell } from '../demo/story.ts'

export interface DemoOptions {
  /** Keep the folder and the server until Ctrl-C. */
  keep: boolean
}

/** Seals, commits and unseals on the embedded API server, in a temporary folder that is gone afterwards. */
export async function runDemo(
  { keep }: DemoOptions,
  write: (text: string) => void,
  interrupt: AbortSignal,
): Promise<void> {
  const terminated = new AbortController()
  process.once('SIGTERM', () => terminated.abort())
  const stop = AbortSignal.any([interrupt, terminated.signal])
  const started = performance.now()
  const stage = await setStage()
  try {
    write(`A Secret goes through git and comes out the same.\n`)
    write(`The cluster is an embedded API server at ${stage.server}; the demo sends what kubectl would.\n`)
    await Promise.race([tell(stage, teller(write)), aborted(stop)])
    stop.throwIfAborted()
    write(`\ndone in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
    if (keep) {
      write(`\nkept    ${stage.folder}\n        export KUBECONFIG=${stage.kubeconfig}\n`)
      write(
        `        kubectl get sealedsecrets.waxwing.dev,secrets -n shop\n        Ctrl-C ends it and removes the folder\n`,
      )
      await aborted(stop)
    }
  } finally {
    await stage.clear()
  }
}

function teller(write: (text: string) => void): Telling {
  let number = 0
  return {
    step(title) {
      number += 1
      write(`\n${number}  ${title}\n`)
    },
    command: (line) => write(`   $ ${line}\n`),
    result: (text) => write(`     ${text}\n`),
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
