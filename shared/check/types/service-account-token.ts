import { problem, type TypeCheck } from '../secret-problem.ts'

const NAME = 'kubernetes.io/service-account.name'
/** The cluster's token controller fills these, and puts its own there whatever they hold. */
export const CLUSTER_KEYS = ['token', 'ca.crt', 'namespace']
const DNS_SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** kubernetes.io/service-account-token: says for whom, and leaves the cluster's keys to the cluster. */
export const checkServiceAccountToken: TypeCheck = ({ annotations, data }) => [
  ...(DNS_SUBDOMAIN.test(annotations.get(NAME) ?? '') ? [] : [problem('service-account-name')]),
  ...CLUSTER_KEYS.filter((key) => data.has(key)).map((key) => problem('service-account-key', key)),
]
