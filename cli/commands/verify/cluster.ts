import type { Finding } from '../../../shared/check/finding.ts'
import type { SealedUse } from '../../../shared/ops/verify-stream.ts'
import { identity } from '../../change/words.ts'
import { connectPosts } from '../../cluster-posts.ts'
import type { PostOptions } from '../../cluster-token.ts'

/** A controller lets one caller no more at a time. */
const WIDTH = 4

/** Asks the controller about each object; a finding for each that it refuses. */
export async function askCluster(
  objects: readonly SealedUse[],
  options: PostOptions,
  signal: AbortSignal,
): Promise<Finding[]> {
  const posts = await connectPosts(options, signal)
  const findings: Finding[] = []
  const rest = objects.values()
  const work = async () => {
    for (const { sealed, file, line, column } of rest) {
      signal.throwIfAborted()
      if (await posts.verify(sealed)) continue
      const reason = `the controller refuses ${identity(sealed)}`
      findings.push({ code: 'cluster-refused', severity: 'fail', file, line, column, args: { reason } })
    }
  }
  try {
    await Promise.all(Array.from({ length: WIDTH }, work))
  } finally {
    posts.close()
  }
  return findings
}
