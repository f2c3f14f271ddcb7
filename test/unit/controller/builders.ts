import type { SealedObject, SecretObject, Status } from '../../../controller/objects.ts'
import { statusFor } from '../../../controller/reconcile/conditions.ts'
import { secretObject } from '../../../controller/reconcile/owned.ts'
import type { DesiredSecret } from '../../../shared/resource/desired.ts'

export const THEN = '2026-11-24T00:00:00Z'
export const NOW = '2026-11-24T01:00:00Z'
export const OWNER_UID = 'uid-of-the-object'

export function sealedObject(status?: Status, more: Partial<SealedObject['metadata']> = {}): SealedObject {
  return {
    apiVersion: 'waxwing.dev/v1alpha1',
    kind: 'SealedSecret',
    metadata: {
      name: 'db',
      namespace: 'shop',
      uid: OWNER_UID,
      resourceVersion: '10',
      generation: 2,
      ...more,
    },
    ...(status && { status }),
  }
}

export function desiredSecret(more: Partial<DesiredSecret> = {}): DesiredSecret {
  return {
    name: 'db',
    namespace: 'shop',
    type: 'Opaque',
    immutable: false,
    labels: {},
    annotations: {},
    data: { password: 'b25l', user: 'dHdv' },
    ...more,
  }
}

export const SECRET_REF = { uid: 'uid-of-the-secret', resourceVersion: '20' }

/** The Secret as the server has it after a write of `desired`, with what the test changes. */
export function storedSecret(
  desired: DesiredSecret = desiredSecret(),
  change: (secret: SecretObject) => void = () => undefined,
): SecretObject {
  const secret = structuredClone(secretObject(desired, sealedObject().metadata))
  Object.assign(secret.metadata, SECRET_REF)
  change(secret)
  return secret
}

/** The status of generation 2 after a success. */
export const syncedStatus = (generation = 2, secret = SECRET_REF): Status =>
  statusFor({ kind: 'synced', secret }, generation, undefined, THEN)
