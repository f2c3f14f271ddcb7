import { isEmptyAt, problem, type SecretProblem, type TypeCheck, textAt } from '../secret-problem.ts'
import { entryCodes } from './docker-entry.ts'
import { hasDuplicateKey } from './json-keys.ts'

type Json = Readonly<Record<string, unknown>>

export const CONFIG_JSON = '.dockerconfigjson'
export const CONFIG = '.dockercfg'

/** kubernetes.io/dockerconfigjson: what `docker login` keeps in its config.json. */
export const checkDockerConfigJson: TypeCheck = (secret) => {
  const key = CONFIG_JSON
  if (isEmptyAt(secret, key)) return [problem('docker-missing', key)]
  const { config, found } = readJson(key, textAt(secret, key))
  if (!config) return found
  if ('credsStore' in config || 'credHelpers' in config) found.push(problem('docker-helper', key))
  const { auths } = config
  return isObject(auths) ? [...found, ...checkAuths(key, auths)] : [...found, problem('docker-shape', key)]
}

/** kubernetes.io/dockercfg: the older form, which is the `auths` alone. */
export const checkDockerCfg: TypeCheck = (secret) => {
  const key = CONFIG
  if (isEmptyAt(secret, key)) return [problem('docker-missing', key)]
  const { config, found } = readJson(key, textAt(secret, key))
  if (!config) return found
  return 'auths' in config ? [...found, problem('docker-shape', key)] : [...found, ...checkAuths(key, config)]
}

function readJson(key: string, text: string | undefined): { config?: Json; found: SecretProblem[] } {
  let config: unknown
  try {
    config = JSON.parse(text ?? '')
  } catch {
    // What the parser says quotes its input.
    return { found: [problem('docker-json', key)] }
  }
  const found = text && hasDuplicateKey(text) ? [problem('docker-duplicate-key', key)] : []
  return isObject(config) ? { config, found } : { found: [...found, problem('docker-shape', key)] }
}

/** Registries are told by their number: their names are a part of the value. */
function checkAuths(key: string, auths: Json): SecretProblem[] {
  const entries = Object.entries(auths)
  if (entries.length === 0) return [problem('docker-auths-empty', key)]
  return entries.flatMap(([registry, entry], i) => {
    const codes = isObject(entry) ? entryCodes(registry, entry) : (['docker-shape'] as const)
    return codes.map((code) => problem(code, key, { entry: String(i + 1) }))
  })
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
