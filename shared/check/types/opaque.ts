import { nearest } from '../nearest.ts'
import { problem, type TypeCheck } from '../secret-problem.ts'

/** Types that Kubernetes knows, by the last part of their names and by what kubectl calls them. */
const KNOWN: Readonly<Record<string, string>> = {
  opaque: 'Opaque',
  generic: 'Opaque',
  'service-account-token': 'kubernetes.io/service-account-token',
  dockercfg: 'kubernetes.io/dockercfg',
  dockerconfigjson: 'kubernetes.io/dockerconfigjson',
  'docker-registry': 'kubernetes.io/dockerconfigjson',
  'basic-auth': 'kubernetes.io/basic-auth',
  'ssh-auth': 'kubernetes.io/ssh-auth',
  tls: 'kubernetes.io/tls',
  token: 'bootstrap.kubernetes.io/token',
  'bootstrap-token': 'bootstrap.kubernetes.io/token',
}
const DOMAINS = ['kubernetes.io', 'bootstrap.kubernetes.io', 'k8s.io']

/** Any other type may hold anything; a misspelt one of Kubernetes' own was certainly meant to be checked. */
export const checkOpaque: TypeCheck = ({ type = 'Opaque' }) => {
  if (type === 'Opaque') return []
  const [domain, name] = type.includes('/') ? type.split('/', 2) : ['kubernetes.io', type]
  if (!nearest(domain ?? '', DOMAINS)) return []
  const meant = nearest(name ?? '', Object.keys(KNOWN))
  return meant === undefined
    ? []
    : [problem('type-unknown', undefined, { type, meant: KNOWN[meant] ?? meant })]
}
