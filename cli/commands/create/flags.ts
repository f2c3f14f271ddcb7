import type { SealFlags } from '../seal/flags.ts'

/** The flags of all kinds; each kind declares those that it has. */
export interface CreateFlags extends Omit<SealFlags, 'key' | 'write'> {
  sealingKey?: string[]
  label?: string[]
  annotation?: string[]
  immutable?: boolean
  type?: string
  fromLiteral?: string[]
  fromFile?: string[]
  fromEnvFile?: string[]
  fromJson?: string[]
  generate?: string[]
  prompt?: string[]
  username?: string
  passwordStdin?: boolean
  sshPrivatekey?: string
  cert?: string
  key?: string
  dockerServer?: string
  dockerUsername?: string
  dockerPassword?: string
  dockerPasswordStdin?: boolean
  dockerEmail?: string
  serviceAccount?: string
  ttl?: string
  usages?: string
  groups?: string
  description?: string
}
