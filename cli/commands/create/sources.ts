import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SealError } from '../../../shared/errors.ts'
import { parseEnvFile } from '../../../shared/ops/create/env-file.ts'
import { parseJsonValues } from '../../../shared/ops/create/json-values.ts'
import { parseFileSource, parseLiteral } from '../../../shared/ops/create/sources.ts'
import type { Values } from '../../../shared/ops/create/values.ts'
import { generateValue } from '../../../shared/ops/generate.ts'
import { randomBytes } from '../../io/random.ts'
import { STDIN } from '../../io/read.ts'
import { usage } from '../../refused.ts'
import type { CreateFlags } from './flags.ts'
import { parseGenerate } from './generate-flag.ts'
import type { Inputs } from './inputs.ts'

/** Every file that the flags name: none of them may be written over. */
export function filesOf(flags: CreateFlags): string[] {
  const named = [...(flags.fromEnvFile ?? []), ...(flags.fromJson ?? [])].filter((path) => path !== STDIN)
  const files = (flags.fromFile ?? []).flatMap((source) => filesAt(parseFileSource(source).path))
  return [
    ...files,
    ...named,
    ...[flags.cert, flags.key, flags.sshPrivatekey].filter((path) => path !== undefined),
  ]
}

/**
 * The values of the flags that all kinds have, in kubectl's order. `defaultKey`: of files that are named without a key.
 */
export async function addSources(
  values: Values,
  flags: CreateFlags,
  inputs: Inputs,
  defaultKey?: string,
): Promise<void> {
  const wishes = (flags.generate ?? []).map(parseGenerate)
  for (const source of flags.fromFile ?? []) await addFiles(values, source, inputs, defaultKey)
  for (const literal of flags.fromLiteral ?? []) {
    const { key, value } = parseLiteral(literal)
    values.put(key, value)
  }
  for (const path of flags.fromEnvFile ?? []) {
    const { name, text } = await inputs.text(path)
    for (const { key, value, line } of parseEnvFile(name, text, process.env))
      values.put(key, value, { file: name, line })
  }
  for (const path of flags.fromJson ?? []) {
    const { name, text } = await inputs.text(path)
    for (const [key, value] of parseJsonValues(name, text)) values.put(key, value, { file: name })
  }
  for (const { key, length, charset } of wishes) values.put(key, generateValue(length, charset, randomBytes))
  for (const key of flags.prompt ?? [])
    values.put(key, await inputs.askHidden(`Value of ${key}`, `--from-file ${key}=FILE`))
}

/** Of a folder every regular file, as kubectl does: links and folders in it are passed over. */
async function addFiles(
  values: Values,
  source: string,
  inputs: Inputs,
  defaultKey: string | undefined,
): Promise<void> {
  const { key, path } = parseFileSource(source)
  if (!isFolder(path)) {
    values.put(key ?? defaultKey ?? basename(path), await inputs.bytes(path), { file: path })
    return
  }
  if (key !== undefined)
    throw usage(`--from-file: ${path} is a folder, and its files have names of their own`)
  for (const file of filesAt(path)) values.put(basename(file), await inputs.bytes(file), { file })
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** The file itself, or the regular files of a folder in the order of their names. */
function filesAt(path: string): string[] {
  if (!isFolder(path)) return [path]
  try {
    const files = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile())
    return files.map(({ name }) => join(path, name)).sort()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SealError('file-read', `cannot be listed (${code})`, { where: { file: path } })
  }
}
