/** The examples under the help of each command. */
export const EXAMPLES = {
  waxwing: [
    'waxwing keys fetch > prod.key.yaml                        the public key of the current cluster',
    'waxwing seal -k prod.key.yaml --write db.yaml             db.yaml → db.sealed.yaml',
    'waxwing verify .                                          in CI: offline, without a key',
    'waxwing seal --help                                       flags and examples of a command',
  ],
  seal: [
    'waxwing seal db.yaml > db.sealed.yaml                     to the cluster of the kube context',
    'waxwing seal -k prod.key.yaml --write db.yaml             db.yaml → db.sealed.yaml, offline',
    'waxwing seal -k prod.key.yaml -k recovery.key.yaml db.yaml',
    'helm template shop ./chart | waxwing seal -k prod.key.yaml - > shop.yaml',
  ],
  init: [
    'waxwing init --context prod --context staging --recovery recovery --seed-out /media/usb/recovery.seed.yaml',
    'waxwing init -k prod.key.yaml --recovery-key recovery.key.yaml --dry-run',
  ],
  unseal: [
    'waxwing unseal --seed recovery.seed.yaml db.sealed.yaml',
    'waxwing unseal --seed recovery.seed.yaml -o json - < db.sealed.yaml',
  ],
  set: [
    'waxwing set db.sealed.yaml password                       asks for it; no private key is needed',
    'waxwing set -k prod.key.yaml db.sealed.yaml token --stdin < token.txt',
    'waxwing set db.sealed.yaml tls.crt --from-file tls.crt --dry-run',
  ],
  unset: ['waxwing unset db.sealed.yaml old-token', 'waxwing unset --diff --dry-run db.sealed.yaml a b'],
  'rename-key': ['waxwing rename-key --seed recovery.seed.yaml db.sealed.yaml user username'],
  edit: [
    'waxwing edit -k prod.key.yaml db.sealed.yaml',
    "EDITOR='code --wait' waxwing edit --seed recovery.seed.yaml db.sealed.yaml",
  ],
  verify: [
    'waxwing verify .                                          every manifest below this folder',
    'kustomize build overlays/prod | waxwing verify -          catches objects that were renamed',
    'waxwing verify --cluster --as-service-account shop/sealer apps',
    'waxwing verify --seed recovery.seed.yaml apps             does the recovery key open all of them?',
  ],
  describe: [
    'waxwing describe db.sealed.yaml                           keys, ages, recipients; no values',
    'waxwing describe -k prod.key.yaml -o json db.sealed.yaml',
    'waxwing describe --context prod shop/db                   the one in the cluster',
  ],
  rewrap: [
    'waxwing rewrap --cluster --dry-run apps                   to the newest key of the cluster',
    'waxwing rewrap --seed old.seed.yaml -k new.key.yaml apps  to the new recovery key, offline',
  ],
  rotate: [
    'waxwing rotate db.sealed.yaml password                    drawn by the rule of the policy, else asked for',
    'waxwing rotate --due --dry-run apps                       what is older than the policy allows',
  ],
  report: [
    'waxwing report apps                                       what is due stands first',
    'waxwing report -o html . > ages.html                      one page, no scripts',
  ],
  keys: [
    'waxwing keys fetch > prod.key.yaml',
    'waxwing keys generate --name recovery --seed-out ~/recovery.seed.yaml > recovery.key.yaml',
    'waxwing keys show prod.key.yaml recovery.key.yaml',
    'waxwing keys usage                                        which keys the cluster still needs',
  ],
  'keys generate': [
    'waxwing keys generate --name recovery --seed-out ~/recovery.seed.yaml > recovery.key.yaml',
    'waxwing keys generate --name recovery --seed-out ~/recovery.seed.yaml --not-after 2030-01-01',
    'waxwing keys generate --name prod --secret-out secret.yaml > prod.key.yaml && kubectl create -f secret.yaml',
  ],
  'keys show': ['waxwing keys show prod.key.yaml', 'waxwing keys show -o json keys/*.yaml'],
  'keys fetch': [
    'waxwing keys fetch --context prod > prod.key.yaml',
    'waxwing keys fetch --update                               the new key into its file and the policy',
    'waxwing keys fetch --url https://keys.example.com/v1/keys --pin wx…',
  ],
  'keys usage': ['waxwing keys usage --context prod', 'waxwing keys usage -o json'],
  'keys retire': [
    'waxwing keys retire wx7c2m4k --dry-run                    what would come of it',
    'waxwing keys retire --force --yes wx…                     after a theft: the controller makes a new key',
  ],
  'keys activate': ['waxwing keys activate wx7c2m4k'],
  'keys backup': [
    'waxwing keys backup --out prod.backup.yaml                asks for a passphrase',
    'waxwing keys backup -k recovery.key.yaml --out prod.backup.yaml',
    'waxwing keys backup --controller-namespace kube-system --out bitnami.backup.yaml',
  ],
  'keys restore': [
    'waxwing keys restore --list prod.backup.yaml              does it open, and what is in it?',
    'waxwing keys restore --context new prod.backup.yaml       shows what it would do, and asks',
    'waxwing keys restore --seed recovery.seed.yaml --yes prod.backup.yaml',
  ],
  'keys rewrap-at-rest': [
    'waxwing keys rewrap-at-rest --context prod                after a new --kms, --vault-addr or --at-rest',
  ],
  demo: [
    'waxwing demo',
    'waxwing demo --keep                                       look around with kubectl',
  ],
} as const
