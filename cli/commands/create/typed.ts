import {
  completeToken,
  newTokenId,
  TOKEN_PREFIX,
  tokenIdOf,
} from '../../../shared/ops/create/bootstrap-token.ts'
import { DEFAULT_SERVER, dockerCfg, dockerConfigJson } from '../../../shared/ops/create/docker.ts'
import type { SecretKind } from '../../../shared/ops/create/kinds.ts'
import type { Values } from '../../../shared/ops/create/values.ts'
import { randomBytes } from '../../io/random.ts'
import { usage } from '../../refused.ts'
import type { CreateFlags } from './flags.ts'
import type { Inputs } from './inputs.ts'
import { addSources } from './sources.ts'

/** What the kind has to say besides its values. */
export interface Made {
  name: string
  annotations?: ReadonlyMap<string, string>
  /** Said once it is sealed. */
  words?: string
}

interface Making {
  name: string
  flags: CreateFlags
  values: Values
  inputs: Inputs
  now: number
}

type Maker = (making: Making) => Promise<Made>

const withSources =
  (more: Maker): Maker =>
  async (making) => {
    await addSources(making.values, making.flags, making.inputs)
    return more(making)
  }

const opaque: Maker = async ({ name, values }) => {
  if (values.map.size === 0)
    throw usage(
      'no values: pass --from-file, --from-literal, --from-env-file, --from-json, --generate or --prompt',
    )
  return { name }
}

const basicAuth: Maker = async ({ name, flags, values, inputs }) => {
  if (flags.username !== undefined) values.put('username', flags.username)
  else if (!values.map.has('username')) values.put('username', await inputs.ask('User name', '--username'))
  if (flags.passwordStdin) values.put('password', await inputs.stdinLine())
  else if (!values.map.has('password'))
    values.put('password', await inputs.askHidden('Password', '--password-stdin'))
  return { name }
}

const sshAuth: Maker = async ({ name, flags: { sshPrivatekey }, values, inputs }) => {
  if (sshPrivatekey !== undefined)
    values.put('ssh-privatekey', await inputs.bytes(sshPrivatekey), { file: sshPrivatekey })
  else if (!values.map.has('ssh-privatekey')) throw usage('the private key is missing: pass --ssh-privatekey')
  return { name }
}

const tls: Maker = async ({ name, flags: { cert, key }, values, inputs }) => {
  for (const [dataKey, flag, file] of [
    ['tls.crt', '--cert', cert],
    ['tls.key', '--key', key],
  ] as const) {
    if (file !== undefined) values.put(dataKey, await inputs.bytes(file), { file })
    else if (!values.map.has(dataKey)) throw usage(`data.${dataKey} is missing: pass ${flag}`)
  }
  return { name }
}

/** As with kubectl a file stands for the whole, and otherwise one login is written. */
const docker =
  (dataKey: string, text: typeof dockerCfg): Maker =>
  async ({ name, flags, values, inputs }) => {
    await addSources(values, flags, inputs, dataKey)
    if (values.map.has(dataKey)) return { name }
    const username = flags.dockerUsername ?? (await inputs.ask('User name', '--docker-username'))
    const password =
      flags.dockerPassword ??
      (flags.dockerPasswordStdin
        ? await inputs.stdinLine()
        : await inputs.askHidden('Password', '--docker-password-stdin'))
    // Mostly a variable that is not set.
    if (username === '' || password === '') throw usage('the user name or the password is empty')
    const server = flags.dockerServer ?? DEFAULT_SERVER
    values.put(dataKey, text({ server, username, password, email: flags.dockerEmail }))
    return { name }
  }

const serviceAccountToken: Maker = async ({ name, flags: { serviceAccount } }) => ({
  name,
  ...(serviceAccount === undefined
    ? {}
    : { annotations: new Map([['kubernetes.io/service-account.name', serviceAccount]]) }),
})

const bootstrapToken: Maker = async ({ name, flags, values, now }) => {
  const stated = values.map.get('token-id')
  const id = stated ? new TextDecoder().decode(stated) : (tokenIdOf(name) ?? newTokenId(randomBytes))
  const { ttl = '24h', usages = 'authentication,signing', groups = '', description } = flags
  const expiration = completeToken(values, id, { ttl, usages, groups, description }, now, randomBytes)
  const words = `token id ${id}${expiration === undefined ? '' : `   expires ${expiration}`}`
  return { name: name === '' ? `${TOKEN_PREFIX}${id}` : name, words }
}

export const MAKERS: Readonly<Record<SecretKind, Maker>> = {
  opaque: withSources(opaque),
  'basic-auth': withSources(basicAuth),
  'ssh-auth': withSources(sshAuth),
  tls: withSources(tls),
  docker: docker('.dockerconfigjson', dockerConfigJson),
  dockercfg: docker('.dockercfg', dockerCfg),
  'service-account-token': withSources(serviceAccountToken),
  'bootstrap-token': withSources(bootstrapToken),
}
