import type { SecretObject, Status } from '../../../controller/objects.ts'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { decide, type Observed, type Plan } from '../../../controller/reconcile/decide.ts'
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
  ['the object is being deleted', { kind: 'deleting' }, nothing('deleting')],
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
  [
    'of a former object of this name',
    opened(ownedBy({ uid: 'former' })),
    waiting('former', 'SecretOfFormerObject'),
  ],
]

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
