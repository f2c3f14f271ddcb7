import type { Finding, Note } from '../check/finding.ts'
import { type Path, type Place, pathText, SealError } from '../errors.ts'
import { type DocumentText, splitDocuments } from '../format/documents.ts'
import { parseSimpleYaml } from '../format/simple-yaml.ts'
import { lineAndColumn, nodeAt, parseYaml, type YamlNode } from '../format/yaml.ts'

/** One document of an input, as text and as nodes (undefined: nothing but comments). */
export interface SourceDocument extends DocumentText {
  file: string
  root: YamlNode | undefined
  json: boolean
}

export interface Source {
  documents: SourceDocument[]
  findings: Finding[]
}

/** Reads every document of a stream; those that do not parse become findings. `wanted` leaves documents unread. */
export function readDocuments(file: string, text: string, wanted?: (text: string) => boolean): Source {
  const source: Source = { documents: [], findings: [] }
  for (const part of splitDocuments(text)) {
    if (wanted && !wanted(part.text)) continue
    const document = { ...part, file, json: isJson(part.text) }
    try {
      source.documents.push({ ...document, root: parseSimpleYaml(part.text) ?? parseYaml(part.text) })
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      source.findings.push(syntaxFinding({ ...document, root: undefined }, error))
    }
  }
  return source
}

/** An action where a line or a value begins. Within quotes or a text it may be anything: our own templates, say. */
const HELM = /^[ \t]*(?:- )?(?:[-._/a-zA-Z0-9]+: )?\{\{/m

/** A document that says what it is, though it does not parse. */
const SEALED = /^[ \t]*"?kind"?:[ \t]*"?SealedSecret\b/m

function syntaxFinding(document: SourceDocument, error: SealError): Finding {
  const found = findingsOf(document, error)[0] as Finding
  // The format counts a key that stands twice among what makes its own objects malformed.
  const twice = error.code === 'yaml-duplicate-key' && SEALED.test(document.text)
  const helm = HELM.test(document.text)
    ? { code: 'helm-template' as const, args: { reason: 'a Helm template, and not yet a manifest' } }
    : {}
  const line = error.where?.line
  const where = line === undefined ? {} : { line: line + document.line - 1, column: error.where?.column ?? 1 }
  return { ...found, ...(twice ? { code: 'malformed' as const } : {}), ...helm, ...where }
}

export function placeAt({ file, text, line }: SourceDocument, at: number): Required<Place> {
  const place = lineAndColumn(text, at)
  return { file, line: place.line + line - 1, column: place.column }
}

export const findingAt = (document: SourceDocument, { at, ...note }: Note): Finding => ({
  ...note,
  ...placeAt(document, at),
})

/** A refusal of the core as findings: one for each place that it names. `root` is the node that its paths start from. */
export function findingsOf(document: SourceDocument, error: SealError, root = document.root): Finding[] {
  const { code, hint } = error
  const more = hint === undefined ? {} : { hint }
  const finding = (path: Path | undefined, reason: string): Finding =>
    findingAt(document, {
      code,
      severity: 'fail',
      at: root ? nodeAt(root, path ?? []).at : 0,
      args: { reason },
      ...more,
    })
  if (error.problems.length === 0) return [finding(error.path, error.message)]
  return error.problems.map(({ path, reason }) => finding(path, withPath(path, reason)))
}

const withPath = (path: Path, reason: string): string => `${pathText(path) || 'the document'}: ${reason}`

/** A YAML flow mapping begins like JSON and is none. */
function isJson(text: string): boolean {
  if (!/^\uFEFF?(---)?\s*\{/.test(text)) return false
  try {
    JSON.parse(text.replace(/^\uFEFF?(---)?/, ''))
    return true
  } catch {
    return false
  }
}
