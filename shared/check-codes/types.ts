import type { CheckRow } from './row.ts'

const GENERATE = 'Take a new pair from `kubeadm token generate`: what stands before the dot, and after it.'

export const TYPES = {
  'basic-auth-missing': {
    severity: 'fail',
    what: 'A basic-auth Secret has neither `username` nor `password`.',
    why: 'The API server refuses it.',
    fix: 'Give at least one of them; other keys do not count.',
  },
  'basic-auth-colon': {
    severity: 'warn',
    what: 'The user name has a colon.',
    why: 'In HTTP basic authentication the first colon ends the name.',
    fix: 'Choose a user name without one.',
  },
  'bootstrap-missing': {
    severity: 'fail',
    what: 'A bootstrap token lacks `token-id` or `token-secret`, or the value is empty.',
    why: 'The API server accepts no login with it.',
    fix: GENERATE,
  },
  'bootstrap-name': {
    severity: 'fail',
    what: 'The name of a bootstrap token is not `bootstrap-token-` and its `token-id`.',
    why: 'The API server finds it by this name alone.',
    fix: 'Rename the Secret, or correct its `token-id`.',
  },
  'bootstrap-namespace': {
    severity: 'fail',
    what: 'A bootstrap token stands outside the namespace `kube-system`.',
    why: 'The API server looks nowhere else.',
    fix: 'Set `metadata.namespace` to `kube-system`.',
  },
  'bootstrap-id': {
    severity: 'fail',
    what: 'A `token-id` is not six characters of a-z and 0-9.',
    why: 'The API server takes the token for none of its own.',
    fix: GENERATE,
  },
  'bootstrap-secret': {
    severity: 'fail',
    what: 'A `token-secret` is not sixteen characters of a-z and 0-9.',
    why: 'The API server takes the token for none of its own.',
    fix: GENERATE,
  },
  'bootstrap-usage': {
    severity: 'fail',
    what: 'A usage of a bootstrap token is not known, or neither `true` nor `false`.',
    why: 'Only the word `true` counts; everything else switches it off without a word.',
    fix: 'The usages are `usage-bootstrap-authentication` and `usage-bootstrap-signing`, each `true` or `false`.',
  },
  'bootstrap-unused': {
    severity: 'warn',
    what: 'No usage of the bootstrap token is `true`.',
    why: 'It opens nothing.',
    fix: 'Set `usage-bootstrap-authentication`, `usage-bootstrap-signing` or both to `true`.',
  },
  'bootstrap-groups': {
    severity: 'fail',
    what: 'A group in `auth-extra-groups` is none that a bootstrap token may join.',
    why: 'The API server refuses the token for it.',
    fix: 'Write `system:bootstrappers:NAME`, several with commas and no blanks.',
  },
  'bootstrap-expiration': {
    severity: 'fail',
    what: 'The `expiration` of a bootstrap token is no RFC 3339 time.',
    why: 'The cluster takes the token for expired and deletes it.',
    fix: 'Write it as in `2030-01-31T12:00:00Z`.',
  },
  'bootstrap-expired': {
    severity: 'fail',
    what: 'The bootstrap token has expired.',
    why: 'The API server refuses it and the cluster deletes it.',
    fix: 'Make a new token.',
  },
  'service-account-name': {
    severity: 'fail',
    what: 'A service account token does not say for which service account it is.',
    why: 'The API server refuses it.',
    fix: "Set the annotation `kubernetes.io/service-account.name` to the account's name.",
  },
  'service-account-key': {
    severity: 'warn',
    what: 'A service account token states `token`, `ca.crt` or `namespace` itself.',
    why: 'These belong to the cluster, which fills them and replaces what is sealed here.',
    fix: 'Leave the key out.',
  },
  'type-unknown': {
    severity: 'warn',
    what: 'The type of the Secret looks like a misspelt one.',
    why: 'The API server accepts any type, and whatever looks for the right one does not find this Secret.',
    fix: 'Correct the type.',
  },
} as const satisfies Record<string, CheckRow>
