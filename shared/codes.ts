/** One row a code: what it means and what to do. `docs/errors.md` is written from this table. */
export interface CodeRow {
  what: string
  fix: string
}

export const CODES = {
  malformed: {
    what: 'The document breaks a rule of the format: an unknown or missing field, a wrong length, a duplicate, a limit.',
    fix: 'Correct the place that is named, or take the file from git again; seal anew if it was edited by hand.',
  },
  'unknown-suite': {
    what: 'An envelope uses a cipher suite that this version does not know.',
    fix: 'Update Waxwing, or seal again with a suite that all parties know.',
  },
  moved: {
    what: 'The object was sealed for another name, namespace or scope.',
    fix: 'Restore the name and namespace, or seal again for the new ones. kustomize prefixes rename objects after sealing.',
  },
  'no-key': {
    what: 'None of the private keys at hand is a recipient.',
    fix: 'Use the key of one of the recipients, or seal again for the key that you have.',
  },
  'wrong-envelope': {
    what: "A wrap does not open, or the data key in it is not the one that this object's commitment names.",
    fix: 'The envelope was altered or copied from another object: take the file from git again, or seal anew.',
  },
  tampered: {
    what: 'A sealed value does not open under its data key.',
    fix: 'The value was altered or moved to another data key: take the file from git again, or seal it anew.',
  },
  reserved: {
    what: "The template claims a type, label or annotation that is Waxwing's own, or the object stands in the controller's namespace.",
    fix: 'Remove what is named from the template, or move the object to another namespace.',
  },
  template: {
    what: 'A template under `spec.template.data` cannot be rendered.',
    fix: 'Use only what docs/templates.md lists, and only values that the object has.',
  },
  'yaml-syntax': {
    what: 'The input is neither YAML nor JSON.',
    fix: 'Correct the syntax at the place that is named.',
  },
  'yaml-duplicate-key': {
    what: 'A mapping has the same key twice; readers disagree on which one counts.',
    fix: 'Remove one of the two.',
  },
  'secret-kind': {
    what: 'The input holds no Secret.',
    fix: 'Give a manifest with `apiVersion: v1` and `kind: Secret`.',
  },
  'secret-field': {
    what: 'A Secret has a field that the API does not know, or one of the wrong shape.',
    fix: 'Correct the spelling or shape of the field.',
  },
  'secret-base64': {
    what: 'A value under `data` is not base64.',
    fix: 'Move it to `stringData`, or encode it.',
  },
  'secret-null': {
    what: 'A value is null: an empty place in the YAML, `~` or `null`.',
    fix: 'Write "" for an empty value, or remove the key.',
  },
  'secret-name': {
    what: 'A name or namespace is missing, or is not one that Kubernetes accepts.',
    fix: 'Give the Secret a `metadata.name`, and a namespace by `metadata.namespace` or `-n`.',
  },
  'data-key': {
    what: 'A data key has characters or a length that Kubernetes refuses.',
    fix: 'Use letters, digits, `-`, `_` and `.`, at most 253, and do not begin with `..`.',
  },
  'too-large': {
    what: 'The values or the document are over the limit of the API server or of etcd.',
    fix: 'Split the Secret in two.',
  },
  'key-malformed': {
    what: 'A key file breaks a rule of the format.',
    fix: 'Fetch or export the key again.',
  },
  'key-mismatch': {
    what: "A key's id is not the one that its bytes give.",
    fix: 'Do not use the file: fetch the key again from a source that you trust.',
  },
  'key-expired': {
    what: 'The sealing key is past the date when a newer one should be used.',
    fix: 'Fetch the newer key with `waxwing keys fetch`, or pass `--allow-expired`.',
  },
  'key-pinned': {
    what: 'The key that was found is not the pinned one.',
    fix: 'Check where the key comes from; change the pin only if the new id was confirmed another way.',
  },
  'key-missing': {
    what: 'No sealing key was given and none could be found.',
    fix: 'Pass `-k FILE`, or point the kubeconfig at a cluster with the controller.',
  },
  'key-in-git': {
    what: 'A private key would be written into a git work tree.',
    fix: 'Write it elsewhere, or pass `--allow-git` if that is really meant.',
  },
  'seed-encrypted': {
    what: 'The private key file is protected by a passphrase.',
    fix: 'Give the passphrase.',
  },
  usage: {
    what: 'The command line is not one that the program understands.',
    fix: 'See `--help`.',
  },
  'file-read': { what: 'A file cannot be read.', fix: 'Check the path and its permissions.' },
  'file-write': { what: 'A file cannot be written.', fix: 'Check the path and its permissions.' },
  'file-exists': {
    what: 'The file to write is already there.',
    fix: 'Remove it first, or choose another name.',
  },
  cluster: {
    what: 'The cluster cannot be reached or refused the request.',
    fix: 'Check the kubeconfig, the context and your rights.',
  },
  environment: {
    what: 'Something that the command needs is not on this machine.',
    fix: 'Install what is named.',
  },
  internal: { what: 'A fault in Waxwing itself.', fix: 'Report it with the command and the version.' },
} as const satisfies Record<string, CodeRow>

export type Code = keyof typeof CODES
