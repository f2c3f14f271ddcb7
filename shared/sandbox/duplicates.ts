/**
 * The paths of fields that a JSON text names twice in one object; JSON.parse would keep the last without a word.
 * Takes text that JSON.parse has accepted, so it need not look for errors.
 */
export function duplicateFields(text: string): string[] {
  const found: string[] = []
  let at = 0

  function space(): void {
    while (/\s/.test(text.charAt(at))) at++
  }

  function string(): string {
    const start = at++
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    return text.slice(start, at)
  }

  function value(path: string): void {
    space()
    if (text[at] === '{') object(path)
    else if (text[at] === '[') array(path)
    else if (text[at] === '"') string()
    else while (at < text.length && !/[\s,\]}]/.test(text.charAt(at))) at++
    space()
  }

  function object(path: string): void {
    const seen = new Set<string>()
    at++
    space()
    while (text[at] !== '}') {
      const name = JSON.parse(string()) as string
      const place = path === '' ? name : `${path}.${name}`
      if (seen.has(name)) found.push(place)
      seen.add(name)
      space()
      at++ // the colon
      value(place)
      if (text[at] === ',') at++
      space()
    }
    at++
  }

  function array(path: string): void {
    at++
    space()
    for (let index = 0; text[at] !== ']'; index++) {
      value(`${path}[${index}]`)
      if (text[at] === ',') at++
    }
    at++
  }

  value('')
  return found
}
