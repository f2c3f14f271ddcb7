import type { Path } from '../../errors.ts'
import { readSpans } from '../../format/spans.ts'
import { locate } from './locate.ts'

/** A `#` behind a value that is not in quotes: a comment for YAML, and maybe meant as a part of the value. */
export function commentBehind(text: string, path: Path): boolean {
  const { node } = locate(readSpans(text), path)
  return node.kind === 'scalar' && node.style === 'plain' && /^[ \t]+#/.test(text.slice(node.end))
}
