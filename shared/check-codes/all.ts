import { DOCKER } from './docker.ts'
import { PEM } from './pem.ts'
import { SSH } from './ssh.ts'
import { TLS } from './tls.ts'
import { TYPES } from './types.ts'
import { VALUES } from './values.ts'

/** Everything that the checks of a Secret's values may find. `docs/checks.md` lists the same rows; a test compares. */
export const CHECK_CODES = { ...PEM, ...TLS, ...SSH, ...DOCKER, ...TYPES, ...VALUES }

export type CheckCode = keyof typeof CHECK_CODES
