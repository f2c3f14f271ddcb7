import { toBase64 } from '../../crypto/base64.ts'
import { utf8 } from '../../crypto/bytes.ts'

export interface RegistryLogin {
  server: string
  username: string
  password: string
  email?: string | undefined
}

/** kubectl's default: Docker Hub. */
export const DEFAULT_SERVER = 'https://index.docker.io/v1/'

/** The registries as both types have them, with the fields that kubectl writes. */
function registries({ server, username, password, email }: RegistryLogin): Record<string, object> {
  const auth = toBase64(utf8(`${username}:${password}`))
  return { [server]: { username, password, ...(email ? { email } : {}), auth } }
}

/** `.dockerconfigjson` */
export const dockerConfigJson = (login: RegistryLogin): string => JSON.stringify({ auths: registries(login) })

/** `.dockercfg` */
export const dockerCfg = (login: RegistryLogin): string => JSON.stringify(registries(login))
