import type { Args, Finding } from '../../shared/check/finding.ts'
import { CODES, type Code } from '../../shared/codes.ts'
import { shortId } from '../../shared/keys/id.ts'
import { checkSentence } from './check-words.ts'
import { keyName } from './key-name.ts'
import { POLICY_SENTENCES } from './policy-words.ts'
import { lowerFirst } from './text.ts'

/** The sentence of a finding: the core's own (`reason`) if it made one, else one from its arguments, else the code's. */
export function sentence({ code, args }: Finding): string {
  return (
    args.reason ??
    SENTENCES[code]?.(args) ??
    checkSentence(code, args) ??
    lowerFirst(CODES[code].what.replace(/\.$/, ''))
  )
}

const SENTENCES: Partial<Record<Code, (args: Args) => string>> = {
  'secret-kind': ({ problem }) =>
    problem === 'sealed' ? 'holds no Secret: it is sealed already' : 'holds no Secret',
  'sealed-kind': () => 'holds no SealedSecret',
  'secret-field': secretField,
  'secret-base64': ({ field }) => `${field} is not base64`,
  'secret-null': ({ field }) => `${field} is null`,
  'secret-name': secretName,
  'secret-empty': ({ name }) => `the Secret ${name} has no values`,
  'data-key': ({ field }) => `${field} is not a data key that Kubernetes accepts`,
  'too-large': ({ limit }) => `the values are larger than the ${limit} bytes that a Secret may hold`,
  'document-size': ({ problem, size, name }) =>
    problem === 'etcd'
      ? `${name} is ${size} when sealed: etcd refuses requests over 1.5 MiB`
      : `${name} is ${size} when sealed: client-side kubectl apply fails near 190 kB`,
  reserved: ({ field }) => `${field} is reserved for Waxwing`,
  'allow-unknown': ({ word, meant }) =>
    `waxwing.dev/allow: no check has the code ${word === undefined ? 'that it names' : `\`${word}\``}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
  'key-malformed': () => 'holds no key',
  'key-expired': ({ date, ...key }) => `${keyName(key)} should have been replaced by ${date}`,
  'key-retired': (key) => `${keyName(key)} is marked as retired`,
  duplicate: ({ name, other }) => `${name} is sealed a second time; the first is at ${other}`,
  'key-stale': keyStale,
  'template-key': templateKey,
  ...POLICY_SENTENCES,
  'key-not-yet': ({ date, ...key }) => `${keyName(key)} is dated ${date}, in the future`,
}

/** `used`: it is a recipient, past its date, replaced or retired. */
function keyStale({ date, used, newer = '', ...key }: Args): string {
  if (used === 'replaced') return `recipient ${keyName(key)} was replaced by ${shortId(newer)} on ${date}`
  if (used === 'retired') return `recipient ${keyName(key)} is retired`
  return `${used ? 'recipient ' : ''}${keyName(key)} was to be replaced by ${date}`
}

function templateKey({ template, place, what, key, meant }: Args): string {
  const value = key === undefined ? 'no such value' : `no value \`${key}\``
  const then = what === 'empty' ? ', and `index` gives an empty text' : ''
  return `template \`${template}\`, ${place}: there is ${value}${then}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`
}

function secretField({ problem, field, meant, expected }: Args): string {
  if (problem === 'unknown')
    return field === undefined
      ? 'a field that a Secret does not have'
      : `${field} is not a field of a Secret; \`${meant}\` is`
  if (problem === 'constant') return `${field} must be ${expected}`
  const shapes: Record<string, string> = {
    mapping: 'must be a mapping',
    boolean: 'must be true or false',
    text: 'must be a single text',
  }
  return `${field} ${shapes[problem ?? '']}`
}

function secretName({ problem, namespace, flag, scope }: Args): string {
  const sentences: Record<string, string> = {
    'no-name': 'the Secret has no metadata.name',
    generated: 'the Secret has a generateName; a sealed one needs its final metadata.name',
    name: 'metadata.name is not a name that Kubernetes accepts',
    namespace: 'metadata.namespace is not a name that Kubernetes accepts',
    'no-namespace': `the Secret has no namespace, and ${scope} scope needs one`,
    conflict: `metadata.namespace is ${namespace}, but -n says ${flag}`,
  }
  return sentences[problem ?? ''] ?? 'the name is not one that Kubernetes accepts'
}
