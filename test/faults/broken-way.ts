import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Gate, startGate } from './gate.ts'
import { type Link, startLink } from './link.ts'
import type { FaultSite, Install } from './site.ts'

/** A way to the API server that breaks as it is told: over the link, then the gate. */
export interface BrokenWay {
  link: Link
  gate: Gate
  kubeconfig: string
  close(): Promise<void>
}

export async function breakable({ plane, folder }: FaultSite, install: Install): Promise<BrokenWay> {
  const gate = await startGate(plane.server, await readFile(plane.caFile, 'utf8'))
  const link = await startLink(gate.port)
  const kubeconfig = join(folder, `${install.namespace}.kubeconfig`)
  const straight = await readFile(install.kubeconfig, 'utf8')
  await writeFile(kubeconfig, straight.replace(plane.server, `http://${link.address}`), { mode: 0o600 })
  return {
    link,
    gate,
    kubeconfig,
    async close() {
      await link.close()
      await gate.close()
    },
  }
}
