import { type Path, SealError } from '../../errors.ts'
import { toPlain } from '../../format/plain.ts'
import { readSealedSecret } from '../../format/schema.ts'
import type { SealedSecret } from '../../format/sealed-secret.ts'
import { cannotEdit } from '../../format/spans.ts'
import type { Quotes } from '../../format/spans-text.ts'
import { sealedSecretObject } from '../../format/write.ts'
import { parseYaml, type YamlNode } from '../../format/yaml.ts'
import { applyStep } from './apply-step.ts'
import { applyToData, type Step, sameData, stepsBetween } from './steps.ts'

/**
 * The text of a document in which one SealedSecret (at `path`) became another: what is the same in both keeps every byte.
 * The result is read again and must be what was meant, or nothing is given: `edit-place`.
 */
export function rewriteSealed(
  text: string,
  path: Path,
  before: SealedSecret,
  after: SealedSecret,
  steps: readonly Step[] = stepsBetween(sealedSecretObject(before), sealedSecretObject(after), path),
): string {
  const edited = steps.reduce(
    (now, step) => placed(step, () => applyStep(now, step, quotesBelow(path))),
    text,
  )
  const reason = steps.length > 0 ? whatIsWrong(text, edited, steps, path, after) : undefined
  if (reason !== undefined) throw cannotEdit(reason)
  return edited
}

/** Under `spec.data` all is quoted, under `spec.envelopes` the texts; elsewhere what needs it. */
function quotesBelow(root: Path): (path: Path) => Quotes {
  return (path) => {
    const [, part, ...below] = path.slice(root.length)
    if (part === 'data') return { key: below.length > 0, inside: 'all' }
    return { key: false, inside: part === 'envelopes' ? 'values' : 'none' }
  }
}

function placed(step: Step, run: () => string): string {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new SealError(error.code, error.message, { hint: error.hint, path: step.path })
  }
}

function whatIsWrong(
  text: string,
  edited: string,
  steps: readonly Step[],
  path: Path,
  after: SealedSecret,
): string | undefined {
  const root = readAgain(edited)
  if (!root) return 'the edited text would not be read'
  if (isJson(text) && !isJson(edited)) return 'the edited text would not be JSON'
  const { data, oddKeys } = toPlain(root)
  const meant = applyToData(dataOf(parseYaml(text)), steps)
  if (!sameData(data, meant)) return 'the edited text would change something else as well'
  const sealed = readSealedSecret(
    below(data, path),
    oddKeys.map((problem) => ({ ...problem, path: problem.path.slice(path.length) })),
  )
  if (!sameData(sealedSecretObject(sealed), sealedSecretObject(after)))
    return 'the edited text would be read as something else'
  return undefined
}

function readAgain(text: string): YamlNode | undefined {
  try {
    return parseYaml(text)
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}

const dataOf = (root: YamlNode | undefined): unknown => (root ? toPlain(root).data : undefined)

function below(data: unknown, path: Path): unknown {
  return path.reduce((here: unknown, step) => (here as Record<string | number, unknown>)[step], data)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
    return true
  } catch {
    return false
  }
}
