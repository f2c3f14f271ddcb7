import { API_VERSION } from '../../shared/format/sealed-secret.ts'
import type { ObjectMeta, OwnerReference } from '../../shared/kube/port.ts'
import {
  MANAGED_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  PATCH_ANNOTATION,
  type SecretObject,
  SKIP_OWNER_ANNOTATION,
  says,
} from '../objects.ts'
import { KIND } from './owned.ts'

/**
 * Whose Secret it is.
 * `former`: of a SealedSecret of this name that is no more, so the garbage collector will take it.
 * `adoptable`: nobody's, and we are asked to take it over. `shared`: another's, and we are asked to put our keys into it.
 */
type Ownership = 'ours' | 'former' | 'adoptable' | 'shared' | 'foreign'

export function ownership({ metadata }: SecretObject, owner: ObjectMeta): Ownership {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller)
  if (controller && isOfOurKind(controller)) {
    if (controller.uid === owner.uid) return 'ours'
    if (controller.name === owner.name) return 'former'
  }
  if (says(metadata, PATCH_ANNOTATION)) return 'shared'
  // An object has one controller, so there is no taking it over from another one.
  if (controller || !says(metadata, MANAGED_ANNOTATION)) return 'foreign'
  const labelled = metadata.labels?.[MANAGED_BY_LABEL] === MANAGED_BY
  return labelled && says(owner, SKIP_OWNER_ANNOTATION) ? 'ours' : 'adoptable'
}

const isOfOurKind = ({ kind, apiVersion }: OwnerReference): boolean =>
  kind === KIND && apiVersion.split('/')[0] === API_VERSION.split('/')[0]
