/** A patch as `diff -u` writes it and `git apply` reads it; sealed values are in it, plain ones never. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const [old, now] = [before, after].map((text) => text.split(/(?<=\n)/)) as [string[], string[]]
  const hunks = hunksOf(matchesOf(old, now), old, now)
  return `--- a/${file}\n+++ b/${file}\n${hunks.join('')}`
}

interface Block {
  /** Lines `from` to `to`, the end left out, give way to `put` to `end`. */
  from: number
  to: number
  put: number
  end: number
}

const CONTEXT = 3

/** The changed blocks: what stands between lines that stay. */
function matchesOf(old: readonly string[], now: readonly string[]): Block[] {
  const blocks: Block[] = []
  let [from, put] = [0, 0]
  while (from < old.length || put < now.length) {
    if (from < old.length && old[from] === now[put]) {
      from += 1
      put += 1
      continue
    }
    const { to, end } = nextCommon(old, now, from, put)
    blocks.push({ from, to, put, end })
    from = to
    put = end
  }
  return blocks
}

/** The nearest pair of equal lines; edits are small, so that it is near. */
function nextCommon(old: readonly string[], now: readonly string[], from: number, put: number) {
  const left = old.length - from + now.length - put
  for (let steps = 1; steps <= left; steps += 1)
    for (let skipped = 0; skipped <= steps; skipped += 1) {
      const [to, end] = [from + skipped, put + steps - skipped]
      if (to < old.length && end < now.length && old[to] === now[end]) return { to, end }
    }
  return { to: old.length, end: now.length }
}

function hunksOf(blocks: readonly Block[], old: readonly string[], now: readonly string[]): string[] {
  const groups: Block[][] = []
  for (const block of blocks) {
    const group = groups.at(-1)
    if (group && block.from - (group.at(-1)?.to ?? 0) <= 2 * CONTEXT) group.push(block)
    else groups.push([block])
  }
  return groups.map((group) => hunk(group, old, now))
}

function hunk(group: readonly Block[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)]
  if (!first || !last) return ''
  const start = Math.max(0, first.from - CONTEXT)
  const stop = Math.min(old.length, last.to + CONTEXT)
  const shift = first.put - first.from
  let text = ''
  let at = start
  for (const { from, to, put, end } of group) {
    text +=
      marked(' ', old.slice(at, from)) + marked('-', old.slice(from, to)) + marked('+', now.slice(put, end))
    at = to
  }
  text += marked(' ', old.slice(at, stop))
  const newStop = stop + last.end - last.to
  return `@@ -${range(start, stop)} +${range(start + shift, newStop)} @@\n${text}`
}

const range = (start: number, stop: number): string => `${stop > start ? start + 1 : start},${stop - start}`

const marked = (mark: string, lines: readonly string[]): string =>
  lines
    .filter((line) => line !== '')
    .map((line) => `${mark}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`)
    .join('')
