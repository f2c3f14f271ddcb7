import type { CheckRow } from './row.ts'

export const DOCKER = {
  'docker-missing': {
    severity: 'fail',
    what: 'A registry Secret lacks `.dockerconfigjson` (or `.dockercfg`), or the value is empty.',
    why: 'The API server refuses it.',
    fix: 'Give the file that `docker login` writes, or use `waxwing create docker`.',
  },
  'docker-json': {
    severity: 'fail',
    what: 'The registry settings are not JSON.',
    why: 'JSON knows no comments, no trailing commas and no byte order mark.',
    fix: 'Correct the syntax.',
  },
  'docker-duplicate-key': {
    severity: 'fail',
    what: 'An object of the registry settings has the same key twice.',
    why: 'Readers disagree on which of the two counts.',
    fix: 'Remove one of the two.',
  },
  'docker-shape': {
    severity: 'fail',
    what: 'The registry settings do not have the shape that the kubelet reads.',
    why: '`.dockerconfigjson` is `{"auths": {"HOST": {…}}}`, the older `.dockercfg` is `{"HOST": {…}}`; all fields are strings.',
    fix: 'Correct the shape, or choose the type that fits it.',
  },
  'docker-auths-empty': {
    severity: 'warn',
    what: 'The registry settings name no registry.',
    why: 'Nothing can be pulled with them.',
    fix: 'Log in first, or use `waxwing create docker`.',
  },
  'docker-auth': {
    severity: 'fail',
    what: 'An `auth` is not the base64 of `user:password`.',
    why: 'The kubelet then drops the whole Secret, with all its registries.',
    fix: 'Encode it anew, without a line break, or give `username` and `password` alone.',
  },
  'docker-auth-mismatch': {
    severity: 'fail',
    what: 'An `auth` says something else than the `username` or `password` beside it.',
    why: 'Only `auth` counts.',
    fix: 'Remove the outdated one of the two.',
  },
  'docker-no-credentials': {
    severity: 'fail',
    what: 'A registry has neither `auth` nor `username` and `password`.',
    why: 'Where `docker login` uses a credential store, it leaves them out of the file.',
    fix: 'Add the credentials, or use `waxwing create docker`.',
  },
  'docker-identity-token': {
    severity: 'warn',
    what: 'A registry has an identity or registry token and no password.',
    why: 'The kubelet does not read these tokens.',
    fix: 'For pulling images use a user name and a password or access token.',
  },
  'docker-helper': {
    severity: 'fail',
    what: 'The registry settings have `credsStore` or `credHelpers`.',
    why: 'These name programs on your own machine; a cluster has none of them.',
    fix: 'Remove them and give the credentials themselves.',
  },
  'docker-registry': {
    severity: 'warn',
    what: 'The name of a registry is one that no image name leads to.',
    why: 'The kubelet compares it with the host of an image; Docker Hub goes by `index.docker.io` alone.',
    fix: 'Give the host as it stands in image names; for Docker Hub `https://index.docker.io/v1/`, with its last slash.',
  },
} as const satisfies Record<string, CheckRow>
