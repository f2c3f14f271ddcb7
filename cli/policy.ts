import { existsSync, lstatSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { compareFindings } from '../shared/check/finding.ts'
import { SealError } from '../shared/errors.ts'
import type { Policy } from '../shared/policy/types.ts'
import { readInput, STDIN } from './io/read.ts'
import { Refused } from './refused.ts'

/** The policy that holds for a file. */
export interface LoadedPolicy {
  policy: Policy
  /** Absolute; its rules are relative to it. */
  folder: string
  /** As it is shown: relative to the current folder. */
  path: string
}

const NAME = '.waxwing.yaml'
const found = new Map<string, string | undefined>()
const loaded = new Map<string, Promise<LoadedPolicy>>()

/**
 * The nearest `.waxwing.yaml` in the file's folder or above it, up to the root of its git work tree. `-` is taken for a
 * file of the current folder. Each folder is looked at once, each policy read once.
 */
export async function loadPolicyFor(file: string, signal: AbortSignal): Promise<LoadedPolicy | undefined> {
  const path = policyPathFor(file)
  if (path === undefined) return undefined
  const reading = loaded.get(path) ?? load(path, signal)
  loaded.set(path, reading)
  return reading
}

/** Those that were found so far. */
export const loadedPolicies = (): Promise<LoadedPolicy[]> => Promise.all(loaded.values())

/** Where that policy stands. */
export const policyPathFor = (file: string): string | undefined => policyAbove(folderOf(file))

/** From the policy's folder, with `/`: what its rules match. */
export function pathInPolicy(file: string, { folder }: Pick<LoadedPolicy, 'folder'>): string {
  const path = relative(folder, resolve(file === STDIN ? 'stdin' : file))
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

function folderOf(file: string): string {
  return file === STDIN ? process.cwd() : dirname(resolve(file))
}

function policyAbove(folder: string): string | undefined {
  if (found.has(folder)) return found.get(folder)
  const path = join(folder, NAME)
  const above = dirname(folder)
  // A link that leads nowhere too: then reading it fails, and nobody goes on without a policy.
  const result = lstatSync(path, { throwIfNoEntry: false })
    ? path
    : above === folder || existsSync(join(folder, '.git'))
      ? undefined
      : policyAbove(above)
  found.set(folder, result)
  return result
}

async function load(file: string, signal: AbortSignal): Promise<LoadedPolicy> {
  const path = relative(process.cwd(), file)
  const { text } = await readInput(path, signal)
  const [{ readPolicy }, { findingsOf, readDocuments }] = await Promise.all([
    import('../shared/policy/read.ts'),
    import('../shared/ops/documents.ts'),
  ])
  const { documents, findings } = readDocuments(path, text)
  const [document, second] = documents
  if (findings.length > 0) throw new Refused(findings)
  if (second)
    throw new SealError('policy-malformed', 'a policy is one document', {
      where: { file: path, line: second.line },
    })
  try {
    return { policy: readPolicy(text), folder: dirname(file), path }
  } catch (error) {
    if (!(error instanceof SealError) || !document) throw error
    throw new Refused(findingsOf(document, error).sort(compareFindings))
  }
}
