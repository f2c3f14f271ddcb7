import { type FieldError, invalidValue } from '../field-errors.ts'
import { valueAt } from '../json.ts'
import type { Rules } from '../resources/types.ts'
import { requireMicroTime } from './micro-time.ts'

/** https://kubernetes.io/docs/concepts/architecture/leases/ */
export const leaseRules: Rules = {
  decode(object) {
    requireMicroTime(object, 'spec', 'acquireTime')
    requireMicroTime(object, 'spec', 'renewTime')
  },
  validate(object) {
    const errors: FieldError[] = []
    const duration = valueAt(object, 'spec', 'leaseDurationSeconds')
    const transitions = valueAt(object, 'spec', 'leaseTransitions')
    if (typeof duration === 'number' && duration <= 0) {
      errors.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
    }
    if (typeof transitions === 'number' && transitions < 0) {
      errors.push(invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'))
    }
    return errors
  },
}
