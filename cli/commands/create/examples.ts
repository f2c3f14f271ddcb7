/** The examples under the help of `create` and each of its kinds. */
export const KIND_EXAMPLES = {
  create: [
    'waxwing create opaque db -n shop --generate password=24 > db.sealed.yaml',
    'waxwing create tls web -n shop --cert web.crt --key web.key --out web.sealed.yaml',
    'waxwing create opaque --help                              flags and examples of a kind',
  ],
  opaque: [
    'waxwing create opaque db -n shop --prompt password > db.sealed.yaml',
    'waxwing create opaque db -n shop -k prod.key.yaml --generate password=24:alnum --out db.sealed.yaml',
    'waxwing create generic app -n shop --from-file=app.conf --from-literal=mode=prod',
    'configu export --format dotenv | waxwing create opaque app -n shop --from-env-file -',
  ],
  'basic-auth': [
    'waxwing create basic-auth login -n shop --username app > login.sealed.yaml',
    'pass show login | waxwing create basic-auth login -n shop --username app --password-stdin',
  ],
  'ssh-auth': [
    'waxwing create ssh-auth deploy -n flux-system --ssh-privatekey id_ed25519 --from-file known_hosts',
  ],
  tls: ['waxwing create tls web -n shop --cert web.crt --key web.key --out web.sealed.yaml'],
  docker: [
    'waxwing create docker pull -n shop --docker-server ghcr.io --docker-username bot > pull.sealed.yaml',
    'waxwing create docker-registry pull -n shop --from-file config.json',
  ],
  dockercfg: ['waxwing create dockercfg pull -n shop --docker-server ghcr.io --docker-username bot'],
  'service-account-token': [
    'waxwing create service-account-token robot-token -n shop --service-account robot > robot.sealed.yaml',
  ],
  'bootstrap-token': ['waxwing create bootstrap-token --ttl 7d > token.sealed.yaml'],
} as const
