import { pathToFileURL } from 'node:url'
import type { Finding } from '../../shared/check/finding.ts'
import { CODES, type Code } from '../../shared/codes.ts'
import { VERSION } from '../../shared/version.ts'
import { fixOf } from './diagnostics.ts'
import { sentence } from './words.ts'

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/: what code hosts read. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** One run; its rules are the codes that were found. */
export function findingsSarif(findings: readonly Finding[]): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  const driver = { name: 'waxwing', semanticVersion: VERSION, rules: codes.map(ruleOf) }
  const results = findings.map((finding) => ({
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: finding.severity === 'fail' ? 'error' : 'warning',
    message: { text: `${sentence(finding)}; fix: ${fixOf(finding)}` },
    locations: locationsOf(finding),
  }))
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results }
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`
}

function ruleOf(code: Code) {
  const { what, why, fix } = CODES[code]
  return {
    id: code,
    shortDescription: { text: what },
    fullDescription: { text: `${what} ${why}` },
    help: { text: fix },
  }
}

function locationsOf({ file, line, column }: Finding) {
  if (file === undefined) return []
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } }
  return [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region } }]
}

/** A relative reference stays one: the code host resolves it against the repository. */
function uriOf(file: string): string {
  if (file.startsWith('/')) return pathToFileURL(file).href
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
  return path.replace(/^(\.\/)+/, '')
}
