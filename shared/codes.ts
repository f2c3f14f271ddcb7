import { CHECK_CODES } from './check-codes/all.ts'
import { BACKUP } from './check-codes/backup.ts'
import { POLICY, SCHEMA } from './check-codes/policy.ts'

/** One row a code: what it means, why it matters, what to do. `docs/errors.md` is written from this table. */
export interface CodeRow {
  what: string
  /** What was expected, or what would happen otherwise. */
  why: string
  fix: string
}

export const CODES = {
  malformed: {
    what: 'The document breaks a rule of the format: an unknown or missing field, a wrong length, a duplicate, a limit.',
    why: 'The controller refuses such an object before it looks at any key.',
    fix: 'Correct the place that is named, or take the file from git again; seal anew if it was edited by hand.',
  },
  'unknown-suite': {
    what: 'An envelope uses a cipher suite that this version does not know.',
    why: 'What is not known cannot be opened, nor be judged safe.',
    fix: 'Update Waxwing, or seal again with a suite that all parties know.',
  },
  moved: {
    what: 'The object was sealed for another name, namespace or scope.',
    why: 'A strict value opens only under the name and namespace that it was sealed for, so that nobody else can claim it.',
    fix: 'Restore the name and namespace, or seal again for the new ones. kustomize prefixes rename objects after sealing.',
  },
  duplicate: {
    what: 'The same SealedSecret stands twice in what was checked.',
    why: 'Whichever is applied last wins, and the values of the other are lost without a word.',
    fix: 'Keep one of the two. For different clusters, seal each to the keys of its own cluster alone.',
  },
  'no-key': {
    what: 'None of the private keys at hand is a recipient.',
    why: 'Only the holders of the keys that a value was sealed for can open it.',
    fix: 'Use the key of one of the recipients, or seal again for the key that you have.',
  },
  'wrong-envelope': {
    what: "A wrap does not open, or the data key in it is not the one that this object's commitment names.",
    why: 'The data key belongs to this object alone: an envelope from elsewhere is worth nothing here.',
    fix: 'The envelope was altered or copied from another object: take the file from git again, or seal anew.',
  },
  tampered: {
    what: 'A sealed value does not open under its data key.',
    why: 'Not one value of the object is used when one of them was altered.',
    fix: 'The value was altered or moved to another data key: take the file from git again, or seal it anew.',
  },
  reserved: {
    what: "The template claims a type, label or annotation that is Waxwing's own, or the object stands in the controller's namespace.",
    why: 'The controller finds its own keys by these, so nobody else may make a look-alike.',
    fix: 'Remove what is named, or move the object to another namespace.',
  },
  'allow-unknown': {
    what: 'The annotation `waxwing.dev/allow` names a code that no check has.',
    why: 'What it was meant to allow would still be reported, or refused.',
    fix: 'Take the code from docs/checks.md; several stand with commas between.',
  },
  template: {
    what: 'A template under `spec.template.data` cannot be rendered.',
    why: 'The controller would refuse the object; Go would print `<no value>` into the Secret.',
    fix: 'Use only what docs/templates.md lists, and only values that the object has.',
  },
  'template-key': {
    what: 'A template uses a value that the object does not have.',
    why: 'The controller would refuse the object; where `index` looks the value up, the text would be empty.',
    fix: 'Correct the name or seal the value; for one that may be missing, write `{{ .key | default "…" }}`.',
  },
  'yaml-syntax': {
    what: 'The input is neither YAML nor JSON.',
    why: 'A stream is handled whole or not at all, so nothing was written.',
    fix: 'Correct the syntax at the place that is named.',
  },
  'yaml-duplicate-key': {
    what: 'A mapping has the same key twice.',
    why: 'Readers disagree on which of the two counts.',
    fix: 'Remove one of the two.',
  },
  'json-ambiguous': {
    what: 'A document that was to be written as JSON has a scalar that YAML readers take for different things.',
    why: 'JSON cannot leave open whether `no` is a boolean or a string, and Waxwing does not guess.',
    fix: 'Put it in quotes, or leave out `-o json`.',
  },
  'helm-template': {
    what: 'The input is a Helm template: it has actions (`{{ … }}`) where YAML has values.',
    why: 'Only what Helm makes of it is a manifest; an edit would have to guess.',
    fix: 'Render it first (`helm template`), or keep the SealedSecret in a file of its own, outside of `templates/`.',
  },
  'edit-place': {
    what: 'A place of the file is written in a way that cannot be edited without touching more than what is meant.',
    why: 'An edit changes the lines that it must and no others; the result is read again before anything is written.',
    fix: 'Write that part on lines of its own, without anchors and aliases, then try again.',
  },
  'edit-target': {
    what: 'It is not clear which SealedSecret of the file is meant.',
    why: 'The file has several, or none of that name.',
    fix: 'Name one of them with `--name NAME` or `--name NAMESPACE/NAME`.',
  },
  'edit-placeholder': {
    what: 'A `<sealed …>` stands where it stands for nothing.',
    why: 'It keeps the value of its own key and no other: the name of a value is sealed with it.',
    fix: 'Put it back at its key or write the value; to rename a key, use `waxwing rename-key` or `edit --seed`.',
  },
  'edit-comment': {
    what: 'A comment stands behind a value.',
    why: 'In YAML ` #` ends a value: what follows would be lost, and it may be a part of a password.',
    fix: 'Put the value in quotes if the `#` belongs to it, else take the comment out.',
  },
  'editor-failed': {
    what: 'The editor could not be started or ended with an error.',
    why: 'What it left was not used, so nothing was changed.',
    fix: 'Set VISUAL or EDITOR to an editor that waits until you are done, `code --wait` say.',
  },
  'value-missing': {
    what: 'The SealedSecret has no value of that name.',
    why: 'Nothing was changed.',
    fix: 'Check the spelling; `grep -n` in the file shows the names, which are not secret.',
  },
  'value-exists': {
    what: 'The SealedSecret has a value of that name already.',
    why: 'Renaming would replace it.',
    fix: 'Unset it first, or choose another name.',
  },
  'recipient-key-missing': {
    what: 'The public key of a present recipient is not at hand.',
    why: 'A new value is sealed for everyone who can open the others; leaving one out would break their copy.',
    fix: 'Pass its file with `-k`; `waxwing keys fetch` gives that of a cluster.',
  },
  'recipient-sets': {
    what: 'The envelopes of the SealedSecret have different recipients.',
    why: 'It is not clear which of them new values are for.',
    fix: 'Say `--recipients-of ENVELOPE`, naming one of the envelopes.',
  },
  'file-changed': {
    what: 'The file was changed by somebody else since it was read.',
    why: 'Writing now would undo that change, so nothing was written.',
    fix: 'Run the command again.',
  },
  uncommitted: {
    what: 'A sealed value that is not in git would be lost.',
    why: 'The file has uncommitted changes, and the value that goes is in no commit.',
    fix: 'Commit the file first, or pass `--yes`.',
  },
  'secret-kind': {
    what: 'The input holds no Secret.',
    why: 'Nothing in it could be sealed, so it is probably the wrong file.',
    fix: 'Give a manifest with `apiVersion: v1` and `kind: Secret`.',
  },
  'sealed-kind': {
    what: 'The input holds no SealedSecret.',
    why: 'Nothing in it could be opened, so it is probably the wrong file.',
    fix: 'Give a manifest with `apiVersion: waxwing.dev/v1alpha1` and `kind: SealedSecret`.',
  },
  'secret-field': {
    what: 'A Secret has a field that the API does not know, or one of the wrong shape.',
    why: 'The API server would drop or refuse it, and what was meant would be missing.',
    fix: 'Correct the spelling or shape of the field.',
  },
  'secret-base64': {
    what: 'A value under `data` is not base64.',
    why: 'Values under `data` must be base64; plain text belongs under `stringData`.',
    fix: 'Move it to `stringData`, or encode it.',
  },
  'secret-null': {
    what: 'A value is null: an empty place in the YAML, `~` or `null`.',
    why: 'Null is neither an empty value nor none; the API server would take it for one of them without a word.',
    fix: 'Write "" for an empty value, or remove the key.',
  },
  'secret-name': {
    what: 'A name or namespace is missing, contradicts the command line, or is not one that Kubernetes accepts.',
    why: 'Values are sealed for this name and namespace, so they must be known now.',
    fix: 'Give the Secret a `metadata.name`, and a namespace by `metadata.namespace` or `-n`.',
  },
  'secret-empty': {
    what: 'A Secret has no values.',
    why: 'It can be sealed, but there is nothing secret in it.',
    fix: 'Check that `data` or `stringData` is spelt and indented as it should be.',
  },
  'data-key': {
    what: 'A data key has characters or a length that Kubernetes refuses.',
    why: 'The API server would refuse the Secret.',
    fix: 'Use letters, digits, `-`, `_` and `.`, at most 253, and do not begin with `..`.',
  },
  'too-large': {
    what: 'The values, the document or the number of its parts are over a limit of the API server or of the format.',
    why: 'The API server would refuse the Secret.',
    fix: 'Split the Secret in two.',
  },
  'document-size': {
    what: 'A SealedSecret is so large that one of the ways to apply it fails.',
    why: 'Client-side `kubectl apply` keeps a copy in an annotation (262,144 bytes); etcd refuses requests over 1.5 MiB.',
    fix: 'Apply it with `kubectl apply --server-side`, or split the Secret in two.',
  },
  'value-twice': {
    what: 'A data key is given twice.',
    why: 'Only one of the two could be sealed, and nobody said which.',
    fix: 'Give each key once.',
  },
  'env-file': {
    what: 'A line of an env file is not `KEY=VALUE`, or its key is no name of a variable.',
    why: 'A file is read whole or not at all. As with kubectl there are no quotes and no `export`.',
    fix: 'Correct the line; comments begin with `#`.',
  },
  'json-values': {
    what: 'The JSON of `--from-json` is not one flat object of strings.',
    why: 'Values of a Secret are texts, and what other values would look like as text is not said.',
    fix: 'Write every value as a string, each key once, and no object within the object.',
  },
  'key-malformed': {
    what: 'A key file breaks a rule of the format.',
    why: 'A key file holds SealingKeys or SealingKeySeeds and nothing else, lest a key that was meant be missed.',
    fix: 'Fetch or export the key again.',
  },
  'key-mismatch': {
    what: "A key's id is not the one that its bytes give.",
    why: 'The id is what people compare and pin: one that does not fit is a mistake or a forgery.',
    fix: 'Do not use the file: fetch the key again from a source that you trust.',
  },
  'key-expired': {
    what: 'The sealing key is more than 90 days past the date when a newer one should be used.',
    why: 'Decryption never expires, but the cluster has had a newer key for a long time.',
    fix: 'Fetch the newer key with `waxwing keys fetch`, or pass `--allow-expired`.',
  },
  'key-retired': {
    what: 'The sealing key is marked as retired.',
    why: 'It only opens what there is: its cluster seals to another key, and this one may be deleted.',
    fix: 'Put the current key in its place with `waxwing keys fetch --update FILE`; what is sealed to it, `waxwing rewrap` renews.',
  },
  'key-stale': {
    what: 'The sealing key is past the date when a newer one should be used.',
    why: 'What is sealed to it still opens; new values belong under the newer key.',
    fix: 'Fetch the newer key with `waxwing keys fetch`.',
  },
  'key-not-yet': {
    what: 'The sealing key is dated in the future.',
    why: 'Either its dates or the clock of this machine are wrong.',
    fix: 'Check the clock, then the key.',
  },
  'key-pinned': {
    what: 'The key that was found is not the pinned one.',
    why: 'An id pins the bytes of a key; name and dates can be written by anyone.',
    fix: 'Check where the key comes from; change the pin only if the new id was confirmed another way.',
  },
  'key-missing': {
    what: 'No sealing key was given and none could be found.',
    why: 'Sealing needs the public key of everyone who is to open the values.',
    fix: 'Pass `-k FILE`, or point the kubeconfig at a cluster with the controller.',
  },
  'key-unknown': {
    what: 'The cluster has no such key, or not the Secret that holds it.',
    why: 'Only a key that the controller publishes can be retired or activated.',
    fix: '`waxwing keys usage` shows the keys that there are; the context and --controller-namespace say where.',
  },
  'key-needed': {
    what: 'Objects of the cluster still need the key that is to be retired, or nobody has counted them.',
    why: 'A retired key goes on opening them, but whoever then deletes it, because it is retired, loses them.',
    fix: 'Seal these objects to a newer key first; `--force` retires it all the same.',
  },
  'key-last': {
    what: 'The key that is to be retired is the only active one of the cluster.',
    why: 'The controller would make a new one at once, and everybody has to fetch it.',
    fix: 'Let the controller make a newer key first (`--key-cutoff-time`), or pass `--force`.',
  },
  'key-fetch': {
    what: 'A key cannot be fetched from an address.',
    why: 'The address must answer with a SealingKey, as YAML or JSON, and without a redirect.',
    fix: 'Check the address; the controller serves its key at `/v1/keys`.',
  },
  'key-private': {
    what: 'A private key stands where a public one belongs.',
    why: 'Private keys are for `unseal` and stay away from the files that are handed round.',
    fix: 'Give the SealingKey that belongs to it; `waxwing keys show` prints its id.',
  },
  'key-in-git': {
    what: 'A private key would be written into a git work tree.',
    why: 'What is committed once stays in the history, and one `git add .` is enough.',
    fix: 'Write it elsewhere, or pass `--allow-git` if that is really meant.',
  },
  'seed-encrypted': {
    what: 'The private key file is protected by a passphrase.',
    why: 'Without the passphrase the key in it cannot be used.',
    fix: 'Give the passphrase.',
  },
  usage: {
    what: 'The command line is not one that the program understands.',
    why: 'Nothing was done.',
    fix: 'See `--help`.',
  },
  'file-read': {
    what: 'A file cannot be read.',
    why: 'All inputs are read before anything is written, so nothing was done.',
    fix: 'Check the path and its permissions.',
  },
  'file-write': {
    what: 'A file cannot be written.',
    why: 'Files are replaced whole or not at all, so what was there before is still there.',
    fix: 'Check the path and its permissions.',
  },
  'file-exists': {
    what: 'The file to write is already there.',
    why: 'It is not written over: it may be the only copy.',
    fix: 'Remove it first, or choose another name.',
  },
  cluster: {
    what: 'The cluster cannot be reached or refused the request.',
    why: 'The command needs an answer from it.',
    fix: 'Check the kubeconfig, the context and your rights.',
  },
  'cluster-answer': {
    what: "The controller's answer is not the object that it was asked about with renewed wraps.",
    why: 'Only wraps are taken from an answer, so that whoever answers can change nothing else in a file.',
    fix: 'Check that `--controller-name` names the controller, and that it is of the same version.',
  },
  'cluster-refused': {
    what: 'The controller refused: the object does not open there, or you may not update it.',
    why: 'It says no more than that, or it would tell strangers what opens.',
    fix: "Check with `kubectl auth can-i update sealedsecrets.waxwing.dev -n NAMESPACE` as who asks; the controller's log names the reason.",
  },
  environment: {
    what: 'Something that the command needs is not on this machine.',
    why: 'The command runs another program and cannot do without.',
    fix: 'Install what is named.',
  },
  ...BACKUP,
  ...CHECK_CODES,
  ...POLICY,
  ...SCHEMA,
  internal: {
    what: 'A fault in Waxwing itself.',
    why: 'This should not happen with any input.',
    fix: 'Report it with the command and the version; `--debug` shows where it happened.',
  },
} as const satisfies Record<string, CodeRow>

export type Code = keyof typeof CODES
