import { join, relative } from 'node:path'
import { compareFindings, type Finding } from '../shared/check/finding.ts'
import { placed, SealError } from '../shared/errors.ts'
import type { PolicyTerms } from '../shared/ops/policy-terms.ts'
import type { CfguSchema } from '../shared/policy/cfgu/types.ts'
import type { Rule } from '../shared/policy/types.ts'
import { readInput, STDIN } from './io/read.ts'
import { type LoadedPolicy, loadPolicyFor, pathInPolicy } from './policy.ts'
import { Refused } from './refused.ts'

/** The rule that holds for a file, and the policy that it stands in. */
export interface Ruling extends PolicyTerms {
  loaded: LoadedPolicy
}

/** undefined: no policy, or none of its rules matches. `-` is taken for a file `stdin` of the current folder. */
export async function rulingFor(file: string, signal: AbortSignal): Promise<Ruling | undefined> {
  const loaded = await loadPolicyFor(file, signal)
  if (!loaded) return undefined
  const [{ ruleFor }, { policyTerms }] = await Promise.all([
    import('../shared/policy/match.ts'),
    import('../shared/ops/policy-notes.ts'),
  ])
  const rule = ruleFor(loaded.policy, pathInPolicy(file, loaded))
  if (!rule) return undefined
  const schema = await schemaOf(rule, loaded, signal)
  return { ...policyTerms({ rule, file: loaded.path }, schema), loaded }
}

/** A warning where there is a policy and no rule of it holds. */
export async function unmatched(file: string, signal: AbortSignal): Promise<Finding[]> {
  const loaded = await loadPolicyFor(file, signal)
  const shown = file === STDIN ? 'stdin' : file
  const args = { policy: loaded?.path ?? '' }
  return loaded ? [{ code: 'policy-unmatched', severity: 'warn', file: shown, args }] : []
}

/** As it is shown, of a path that the policy names. */
export const shownPath = (path: string, { folder }: Pick<LoadedPolicy, 'folder'>): string =>
  relative(process.cwd(), join(folder, path))

const schemas = new Map<string, Promise<CfguSchema>>()

async function schemaOf(rule: Rule, loaded: LoadedPolicy, signal: AbortSignal) {
  if (rule.schema === undefined) return undefined
  const file = shownPath(rule.schema, loaded)
  const where = { file: loaded.path, line: rule.lines.get('schema') ?? rule.line }
  const reading = schemas.get(file) ?? readSchema(file, where, signal)
  schemas.set(file, reading)
  return { schema: await reading, file }
}

async function readSchema(
  file: string,
  where: Required<Pick<Finding, 'file' | 'line'>>,
  signal: AbortSignal,
) {
  const text = await readNamed(`schema ${file}`, file, where, signal)
  const [{ readCfgu }, { findingsOf, readDocuments }] = await Promise.all([
    import('../shared/policy/cfgu/read.ts'),
    import('../shared/ops/documents.ts'),
  ])
  const { documents, findings } = readDocuments(file, text)
  const [document] = documents
  if (findings.length > 0) throw new Refused(findings)
  try {
    return readCfgu(text)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw document ? new Refused(findingsOf(document, error).sort(compareFindings)) : placed(error, { file })
  }
}

/** A file that the policy names; that it cannot be read is a fault at the line that names it. */
export async function readNamed(
  what: string,
  file: string,
  where: Required<Pick<Finding, 'file' | 'line'>>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return (await readInput(file, signal)).text
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new SealError(error.code, `the ${what}: ${error.message}`, { ...error, where })
  }
}
