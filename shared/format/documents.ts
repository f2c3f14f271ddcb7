/** One document of a YAML stream, as the text it was written in. */
export interface DocumentText {
  /** From its `---` line (when it has one) up to the next document's. */
  text: string
  /** The line in the file on which `text` starts, from 1. */
  line: number
}

/** YAML 1.2 §9.2: a document marker stands at the start of a line, even inside a block scalar. */
const START = /^\uFEFF?---(?=[ \t\r\n]|$)/
const END = /^\.\.\.(?=[ \t\r\n]|$)/

/**
 * Cuts a stream at its document markers without reading further, so that what is passed through keeps every byte:
 * joined, the texts are the input.
 */
export function splitDocuments(stream: string): DocumentText[] {
  const documents: DocumentText[] = []
  let text = ''
  let start = 1
  let line = 1
  let ended = false
  for (const row of stream.split(/(?<=\n)/)) {
    const begins = START.test(row)
    if (text !== '' && (ended || (begins && hasContent(text)))) {
      documents.push({ text, line: start })
      text = ''
      start = line
    }
    ended = END.test(row)
    text += row
    line += 1
  }
  if (text !== '') documents.push({ text, line: start })
  return documents
}

/** Comments and directives before the first `---` belong to the document that it starts. */
function hasContent(text: string): boolean {
  return text.split('\n').some((row) => !/^\s*(#.*)?$/.test(row) && !row.startsWith('%'))
}
