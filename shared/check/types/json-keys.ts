/** Strings and punctuation of a text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs

/** Whether an object in `text`, which is JSON, has a key twice: `JSON.parse` keeps the last one without a word. */
export function hasDuplicateKey(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  const tokens = text.match(TOKEN) ?? []
  return tokens.some((token, i) => {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    if (tokens[i + 1] !== ':') return false
    const keys = open.at(-1)
    const key = String(JSON.parse(token))
    if (keys?.has(key)) return true
    keys?.add(key)
    return false
  })
}
