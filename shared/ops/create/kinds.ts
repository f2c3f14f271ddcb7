/** What `create` can make, by name: the type of the Secret, and what kubectl calls it. */
export const SECRET_KINDS = {
  opaque: { type: undefined, alias: 'generic' },
  'basic-auth': { type: 'kubernetes.io/basic-auth' },
  'ssh-auth': { type: 'kubernetes.io/ssh-auth' },
  tls: { type: 'kubernetes.io/tls' },
  docker: { type: 'kubernetes.io/dockerconfigjson', alias: 'docker-registry' },
  dockercfg: { type: 'kubernetes.io/dockercfg' },
  'service-account-token': { type: 'kubernetes.io/service-account-token' },
  'bootstrap-token': { type: 'bootstrap.kubernetes.io/token' },
} as const satisfies Record<string, { type: string | undefined; alias?: string }>

export type SecretKind = keyof typeof SECRET_KINDS
