import { FINALIZER, type SealedObject, type SecretObject, type Status } from '../../../controller/objects.ts'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { decide, type Observed, type Plan } from '../../../controller/reconcile/decide.ts'
import { secretObject } from '../../../controller/reconcile/owned.ts'
import { refusal } from '../../../controller/reconcile/refusal.ts'
import type { Code } from '../../../shared/codes.ts'
import { desiredSecret, SECRET_REF, sealedObject, storedSecret, syncedStatus, THEN } from './builders.ts'

// The table of docs/controller.md. Each row: what is, and what is done about it.

const opened = (secret: SecretObject | undefined, status?: Status, desired = desiredSecret()): Observed => ({
  kind: 'opened',
  object: sealedObject(status),
  desired,
  secret,
})
const annotated = (annotations: Record<string, string>, status?: Status, more = {}): SealedObject =>
  sealedObject(status, { annotations, ...more })
const about = (
  object: SealedObject,
  secret: SecretObject | undefined,
  desired = desiredSecret(),
): Observed => ({
  kind: 'opened',
  object,
  desired,
  secret,
})
export const refused = (code: Code, status?: Status): Observed => ({
  kind: 'refused',
  object: sealedObject(status),
  code,
  message: 'what was wrong',
})
const ownedBy = (reference: object | undefined) =>
  storedSecret(desiredSecret(), ({ metadata }) => {
    if (reference === undefined) delete metadata.ownerReferences
    else Object.assign(metadata.ownerReferences?.[0] ?? {}, reference)
  })
const with_ = (change: (secret: SecretObject) => void, desired = desiredSecret()) =>
  storedSecret(desired, change)
const beforeFailure = (code: Code) => statusFor(refusal(code, 'what was wrong'), 2, syncedStatus(1), THEN)

export interface Expected {
  row: Plan['row']
  act: Plan['act']
  retry?: boolean
  /** The Ready condition's status and reason. */
  ready?: string
  also?: 'Stalled' | 'Reconciling'
}

const nothing = (row: Plan['row'], retry = false): Expected => ({ row, act: 'nothing', retry })
const synced = (row: Plan['row']): Expected => ({ row, act: 'report', retry: false, ready: 'True Synced' })
const stalled = (row: Plan['row'], reason: string, retry = false): Expected => ({
  row,
  act: 'report',
  retry,
  ready: `False ${reason}`,
  also: 'Stalled',
})
const waiting = (row: Plan['row'], reason: string): Expected => ({
  row,
  act: 'report',
  retry: true,
  ready: `False ${reason}`,
  also: 'Reconciling',
})

const immutable = desiredSecret({ immutable: true })
const tls = desiredSecret({ type: 'kubernetes.io/tls' })

export const TABLE: [string, Observed, Expected][] = [
  ['the object is gone', { kind: 'gone' }, nothing('gone')],
  ['the object is being deleted', deleting([], undefined), nothing('deleting')],
  [
    "the object is being deleted, with a finalizer of others'",
    deleting(['x/y'], undefined),
    nothing('deleting'),
  ],
  ['it is held, and there is no Secret', deleting([FINALIZER], undefined), released()],
  [
    'it is held, and our keys are in the Secret',
    deleting([FINALIZER], patched()),
    { row: 'unpatch', act: 'patch' },
  ],
  ['it is held, and nothing of ours is in the Secret', deleting([FINALIZER], shared()), released()],
  [
    'it is held, and the Secret is not open to us any more',
    deleting([FINALIZER], patched(closed)),
    released(),
  ],
  ['it is held, and the Secret is ours', deleting([FINALIZER], storedSecret()), released()],
  ['it is held, and the Secret is frozen', deleting([FINALIZER], patched(frozen)), released()],
  ['it is held, and the Secret is being deleted', deleting([FINALIZER], patched(dying)), released()],
  [
    'it is held, and the Secret refuses to be freed',
    deleting([FINALIZER], undefined, true),
    released('given-up'),
  ],
  ['the namespace is being deleted', { kind: 'terminating' }, nothing('namespace-terminating')],

  ['the status speaks of this generation and this Secret', { kind: 'settled' }, nothing('settled')],

  ['malformed', refused('malformed'), stalled('malformed', 'Malformed')],
  ['unknown suite', refused('unknown-suite'), stalled('unknown-suite', 'UnknownSuite')],
  ['moved', refused('moved'), stalled('moved', 'Moved')],
  ['no key', refused('no-key'), stalled('no-key', 'NoKey')],
  ['wrong envelope', refused('wrong-envelope'), stalled('wrong-envelope', 'WrongEnvelope')],
  ['tampered', refused('tampered'), stalled('tampered', 'Tampered')],
  ['reserved', refused('reserved'), stalled('reserved', 'Reserved')],
  ['template', refused('template'), stalled('template', 'Template')],
  ['too large', refused('too-large'), stalled('too-large', 'TooLarge')],
  [
    'tampered, and the last generation was good',
    refused('tampered', syncedStatus(1)),
    stalled('tampered', 'Tampered'),
  ],
  ['tampered, and the status says so', refused('tampered', beforeFailure('tampered')), nothing('tampered')],
  [
    'another refusal than the status says',
    refused('moved', beforeFailure('tampered')),
    stalled('moved', 'Moved'),
  ],

  ['no Secret', opened(undefined), { row: 'absent', act: 'create' }],
  [
    'no Secret, though there had been one',
    opened(undefined, syncedStatus()),
    { row: 'absent', act: 'create' },
  ],
  ['ours and equal, no status yet', opened(storedSecret()), synced('equal')],
  ['ours and equal, status of an older generation', opened(storedSecret(), syncedStatus(1)), synced('equal')],
  ['ours and equal, status of a failure', opened(storedSecret(), beforeFailure('no-key')), synced('equal')],
  ['ours and equal, status equal', opened(storedSecret(), syncedStatus()), nothing('equal')],
  [
    'ours and equal, with labels and annotations of others',
    opened(
      with_(({ metadata }) => {
        metadata.labels = { ...metadata.labels, theirs: 'x' }
        metadata.annotations = { theirs: 'y' }
      }),
      syncedStatus(),
    ),
    nothing('equal'),
  ],
  ['ours, a value differs', opened(with_((s) => Object.assign(s.data ?? {}, { user: 'eA==' }))), patch()],
  ['ours, a value is missing', opened(with_((s) => delete s.data?.user)), patch()],
  ['ours, a value too many', opened(with_((s) => Object.assign(s.data ?? {}, { more: 'eA==' }))), patch()],
  ['ours, our label is gone', opened(with_(({ metadata }) => delete metadata.labels)), patch()],
  ['ours, becomes immutable', opened(storedSecret(), undefined, immutable), patch()],
  [
    'ours and immutable, a label differs',
    opened(storedSecret(immutable), undefined, desiredSecret({ immutable: true, labels: { a: 'b' } })),
    patch(),
  ],
  ['ours and immutable, equal', opened(storedSecret(immutable), undefined, immutable), synced('equal')],
  [
    'ours and immutable, a value differs',
    opened(storedSecret(immutable), undefined, desiredSecret({ immutable: true, data: {} })),
    replace(),
  ],
  ['ours and immutable, shall not be', opened(storedSecret(immutable)), replace()],
  ['ours, of another type', opened(storedSecret(), undefined, tls), replace()],
  [
    'ours and being deleted',
    opened(with_(({ metadata }) => Object.assign(metadata, { deletionTimestamp: THEN }))),
    waiting('being-deleted', 'SecretBeingDeleted'),
  ],
  ['without an owner', opened(ownedBy(undefined)), stalled('foreign', 'SecretNotOwned', true)],
  [
    'of another kind of owner',
    opened(ownedBy({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate' })),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  [
    "of Bitnami's SealedSecret of the same name",
    opened(ownedBy({ apiVersion: 'bitnami.com/v1alpha1' })),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  [
    'with a reference to us that does not control it',
    opened(ownedBy({ controller: false })),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  [
    'of another SealedSecret',
    opened(ownedBy({ uid: 'another', name: 'other' })),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  [
    'foreign and being deleted',
    opened({ metadata: { name: 'db', ...SECRET_REF, deletionTimestamp: THEN } }),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  [
    'foreign, and the status says so',
    opened(ownedBy(undefined), decidedStatus(opened(ownedBy(undefined)))),
    nothing('foreign', true),
  ],
  ["nobody's, and it asks to be taken over", opened(managed()), { row: 'adopt', act: 'patch' }],
  [
    'the same, and it differs in nothing but the owner',
    opened(managed(same)),
    { row: 'adopt', act: 'patch' },
  ],
  ['the same, of another type', opened(managed(), undefined, tls), { row: 'adopt', act: 'patch' }],
  ['the same, immutable', opened(managed(frozen)), { row: 'adopt', act: 'patch' }],
  ['the same, being deleted', opened(managed(dying)), waiting('being-deleted', 'SecretBeingDeleted')],
  [
    "another's, and it asks to be taken over",
    opened(managed(controlled)),
    stalled('foreign', 'SecretNotOwned', true),
  ],
  ["kept without owner, nobody's yet", about(skips(), managed()), { row: 'adopt', act: 'patch' }],
  ['kept without owner, equal', about(skips(), kept()), synced('equal')],
  ['kept without owner, a value differs', about(skips(), kept(wrong)), patch()],
  ['kept without owner, of another type', about(skips(), kept(), tls), replace()],
  ['kept without owner, and still with our reference', about(skips(), storedSecret()), patch()],
  ['kept without owner, and it shall have one again', opened(kept()), { row: 'adopt', act: 'patch' }],
  ['open to our keys, before it is held', opened(shared()), { row: 'unheld', act: 'finalizers' }],
  [
    'open to our keys, and they are not in it',
    about(held(), shared()),
    { row: 'shared-differs', act: 'patch' },
  ],
  [
    'open to our keys, and controlled by another',
    about(held(), shared(controlled)),
    { row: 'shared-differs', act: 'patch' },
  ],
  [
    'open to our keys, of another type',
    about(held(), shared(), tls),
    { row: 'shared-differs', act: 'patch' },
  ],
  ['open to our keys, which are in it', about(held(), patched()), synced('shared-equal')],
  [
    'open to our keys, one of which differs',
    about(held(), patched(wrong)),
    { row: 'shared-differs', act: 'patch' },
  ],
  [
    'open to our keys, and immutable',
    about(held(), shared(frozen)),
    stalled('frozen', 'SecretImmutable', true),
  ],
  [
    'open to our keys, which are in it, and immutable',
    about(held(), patched(frozen)),
    synced('shared-equal'),
  ],
  [
    'open to our keys, and being deleted',
    about(held(), shared(dying)),
    waiting('being-deleted', 'SecretBeingDeleted'),
  ],
  [
    'ours, a value differs, and drift is ignored',
    about(ignores(syncedStatus()), storedSecret(desiredSecret(), wrong)),
    nothing('ignored'),
  ],
  ['the same, before the first sync', about(ignores(), storedSecret(desiredSecret(), wrong)), patch()],
  [
    'the same, in a new generation',
    about(ignores(syncedStatus(1)), storedSecret(desiredSecret(), wrong)),
    patch(),
  ],
  [
    'no Secret, and drift is ignored',
    about(ignores(syncedStatus()), undefined),
    { row: 'absent', act: 'create' },
  ],
  [
    'open to our keys, one of which differs, and drift is ignored',
    about(ignores(syncedStatus(), { finalizers: [FINALIZER] }), patched(wrong)),
    nothing('ignored'),
  ],
  [
    'of a former object of this name',
    opened(ownedBy({ uid: 'former' })),
    waiting('former', 'SecretOfFormerObject'),
  ],
]

type Change = (secret: SecretObject) => void
function wrong({ data }: SecretObject): void {
  Object.assign(data ?? {}, { user: 'eA==' })
}
function frozen(secret: SecretObject): void {
  secret.immutable = true
}
function dying({ metadata }: SecretObject): void {
  metadata.deletionTimestamp = THEN
}
function closed({ metadata }: SecretObject): void {
  delete metadata.annotations?.['waxwing.dev/patch']
}
function same(secret: SecretObject): void {
  secret.data = desiredSecret().data
}
function controlled({ metadata }: SecretObject): void {
  metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'Other', name: 'o', uid: 'o', controller: true }]
}
/** Somebody's Secret with an annotation for us. */
function theirs(annotation: string, change: Change = () => undefined): SecretObject {
  const secret: SecretObject = {
    metadata: { name: 'db', namespace: 'shop', ...SECRET_REF, annotations: { [annotation]: 'true' } },
    type: 'Opaque',
    data: { own: 'eA==' },
  }
  change(secret)
  return secret
}
function managed(change?: Change): SecretObject {
  return theirs('waxwing.dev/managed', change)
}
function shared(change?: Change): SecretObject {
  return theirs('waxwing.dev/patch', change)
}
/** A shared one with our keys in it. */
function patched(change: Change = () => undefined): SecretObject {
  const names = { labels: [], annotations: [], data: ['password', 'user'] }
  return shared((secret) => {
    secret.data = { ...secret.data, ...desiredSecret().data }
    secret.metadata.labels = { 'waxwing.dev/managed-by': 'waxwing' }
    Object.assign(secret.metadata.annotations ?? {}, { 'waxwing.dev/applied': JSON.stringify(names) })
    change(secret)
  })
}
function skips(): SealedObject {
  return annotated({ 'waxwing.dev/skip-owner-reference': 'true' })
}
/** As we make it for an object that skips the owner reference. */
function kept(change: Change = () => undefined): SecretObject {
  const secret = structuredClone(secretObject(desiredSecret(), skips().metadata))
  Object.assign(secret.metadata, SECRET_REF)
  change(secret)
  return secret
}
function held(): SealedObject {
  return sealedObject(undefined, { finalizers: [FINALIZER] })
}
function ignores(status?: Status, more = {}): SealedObject {
  return annotated({ 'waxwing.dev/drift': 'ignore' }, status, more)
}
function deleting(finalizers: string[], secret: SecretObject | undefined, refused = false): Observed {
  return {
    kind: 'deleting',
    object: sealedObject(undefined, { finalizers, deletionTimestamp: THEN }),
    secret,
    refused,
  }
}
function released(row: Plan['row'] = 'released'): Expected {
  return { row, act: 'finalizers' }
}
function patch(): Expected {
  return { row: 'differs', act: 'patch' }
}
function replace(): Expected {
  return { row: 'unchangeable', act: 'replace' }
}
function decidedStatus(observed: Observed): Status | undefined {
  const plan = decide(observed, THEN)
  return plan.act === 'report' ? plan.status : undefined
}

/** The refusals that opening an object can give. */
export const OPENING_CODES: readonly Code[] = [
  'malformed',
  'unknown-suite',
  'moved',
  'no-key',
  'wrong-envelope',
  'tampered',
  'reserved',
  'template',
  'too-large',
]

/** Every Secret there can be, by whose it is and what is special about it, for the test that `decide` is total. */
export function everySecret(): [string, SecretObject | undefined][] {
  const bases: [string, (change?: Change) => SecretObject][] = [
    ['ours', (change) => storedSecret(desiredSecret(), change)],
    ['former', (change) => changedOwner('former', change)],
    ['foreign', (change) => theirs('other.example/x', change)],
    ['managed', managed],
    ['shared', shared],
    ['patched', patched],
    ['kept', kept],
  ]
  const changes: [string, Change][] = [
    ['as it is', () => undefined],
    ['wrong', wrong],
    ['frozen', frozen],
    ['frozen and wrong', (secret) => [frozen(secret), wrong(secret)]],
    ['of another type', (secret) => Object.assign(secret, { type: 'example.com/x' })],
    ['dying', dying],
    ['controlled', controlled],
  ]
  return [
    ['none', undefined],
    ...bases.flatMap(([whose, make]) =>
      changes.map(([what, change]): [string, SecretObject] => [`${whose}, ${what}`, make(change)]),
    ),
  ]
}
function changedOwner(uid: string, change: Change = () => undefined): SecretObject {
  return storedSecret(desiredSecret(), (secret) => {
    Object.assign(secret.metadata.ownerReferences?.[0] ?? {}, { uid })
    change(secret)
  })
}

/** Every object there can be, as far as a decision looks at it. */
export function everyObject(): [string, SealedObject][] {
  const annotations = [
    {},
    { 'waxwing.dev/skip-owner-reference': 'true' },
    { 'waxwing.dev/drift': 'ignore' },
    { 'waxwing.dev/skip-owner-reference': 'true', 'waxwing.dev/drift': 'ignore' },
  ]
  const statuses = [undefined, syncedStatus(), syncedStatus(1), beforeFailure('tampered')]
  return annotations.flatMap((notes) =>
    statuses.flatMap((status, i) =>
      [[], [FINALIZER]].map((finalizers): [string, SealedObject] => [
        `${Object.keys(notes).join(' and ') || 'plain'}, status ${i}, ${finalizers.length} finalizers`,
        annotated(notes, status, { finalizers }),
      ]),
    ),
  )
}
