import { isFail } from '../../shared/check/finding.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { type KeyAge, keyAge } from '../../shared/keys/dates.ts'
import { readKeyStream } from '../../shared/ops/key-stream.ts'
import { readInputs } from '../io/read.ts'
import { Refused } from '../refused.ts'
import { printable } from '../render/paint.ts'
import { table } from '../render/table.ts'
import type { Terminal } from '../terminal.ts'

export interface ShowFlags {
  output: 'text' | 'json'
}

interface ShownKey {
  file: string
  id: string
  holder: string
  kind: 'public' | 'private'
  notBefore?: string
  notAfter?: string
  state?: KeyAge
}

/** The keys of files, public and private; of a private one only what is public. */
export async function runKeysShow(
  files: readonly string[],
  { output }: ShowFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const shown: ShownKey[] = []
  for (const { name, text } of await readInputs(files, signal)) {
    const { keys, seeds, findings } = await readKeyStream(name, text, chooseKem)
    if (findings.some(isFail)) throw new Refused(findings)
    for (const { key } of keys) {
      const { id, holder, notBefore, notAfter } = key
      shown.push({
        file: name,
        id,
        holder,
        kind: 'public',
        notBefore,
        notAfter,
        state: keyAge(key, Date.now()),
      })
    }
    for (const { key } of seeds) shown.push({ file: name, id: key.id, holder: key.name, kind: 'private' })
  }
  await terminal.write(output === 'json' ? `${JSON.stringify(shown, null, 2)}\n` : asTable(shown))
}

const STATES: Record<KeyAge, string> = {
  current: 'current',
  stale: 'stale: a newer key should be used',
  expired: 'expired: sealing needs --allow-expired',
  'not-yet': 'dated in the future',
  retired: 'retired: not to be sealed to',
}

function asTable(keys: readonly ShownKey[]): string {
  const rows = keys.map(({ id, holder, notBefore = '-', notAfter = '-', state }) => [
    id,
    printable(holder),
    notBefore.slice(0, 10),
    notAfter.slice(0, 10),
    state === undefined ? 'private key' : STATES[state],
  ])
  return table(['ID', 'HOLDER', 'NOT BEFORE', 'NOT AFTER', 'STATE'], rows)
}
