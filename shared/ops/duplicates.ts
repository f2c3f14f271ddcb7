import type { Finding } from '../check/finding.ts'
import type { SealedUse, VerifiedStream } from './verify-stream.ts'

/**
 * The same object sealed more than once. In one file that is a mistake, since the last one wins when it is applied. In
 * several files it is a warning, and nothing at all where no recipient is the same: those are for different clusters.
 */
export function findDuplicates(streams: readonly VerifiedStream[]): Finding[] {
  const seen = new Map<string, SealedUse[]>()
  const findings: Finding[] = []
  for (const use of streams.flatMap(({ sealed }) => sealed)) {
    if (use.name === '') continue
    const name = `${use.namespace}/${use.name}`
    const before = seen.get(name) ?? []
    const other = before.find(({ file }) => file === use.file) ?? before.find((one) => share(one, use))
    if (other) findings.push(duplicate(use, other))
    seen.set(name, [...before, use])
  }
  return findings
}

const share = (a: SealedUse, b: SealedUse): boolean =>
  a.recipients.length + b.recipients.length === 0 || a.recipients.some((id) => b.recipients.includes(id))

const duplicate = ({ namespace, name, file, line, column }: SealedUse, other: SealedUse): Finding => ({
  code: 'duplicate',
  severity: file === other.file ? 'fail' : 'warn',
  file,
  line,
  column,
  args: {
    name: namespace === '' ? name : `${namespace}/${name}`,
    other: `${other.file}:${other.line}`,
  },
})
