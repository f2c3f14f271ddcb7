import type { Scope } from '../crypto/bound.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { checkAges } from './check-age.ts'
import { checkRecipients } from './check-recipients.ts'
import { globMatches } from './match.ts'
import { type PlacedRule, type PolicyProblem, placeOf } from './problem.ts'

/** What a rule says of a Secret before it is sealed. */
export interface RuledSecret {
  name: string
  /** '' where it states none. */
  namespace: string
  type?: string
}

/** Scope, type and names against the rule. `sealed`: paths are those of a SealedSecret, else of a Secret. */
export function checkIdentity(
  secret: RuledSecret,
  scope: Scope,
  placed: PlacedRule,
  sealed = false,
): PolicyProblem[] {
  return [
    ...checkScope(scope, placed),
    ...checkType(secret, placed, sealed),
    ...checkName(secret, 'name', placed),
    ...checkName(secret, 'namespace', placed),
  ]
}

/** Everything that a rule says of a SealedSecret, without a key. `now` in milliseconds. */
export function checkPolicy(sealed: SealedSecret, placed: PlacedRule, now: number): PolicyProblem[] {
  const { name, namespace, scope, template, envelopes } = sealed
  const type = template.type === undefined ? {} : { type: template.type }
  return [
    ...checkIdentity({ name, namespace, ...type }, scope, placed, true),
    ...envelopes.flatMap(({ recipients }, i) =>
      checkRecipients(
        recipients.map(({ key }) => key),
        placed,
        ['spec', 'envelopes', i, 'recipients'],
      ),
    ),
    ...checkAges(sealed, placed, now),
  ]
}

function checkScope(scope: Scope, placed: PlacedRule): PolicyProblem[] {
  const { scope: wanted } = placed.rule
  if (wanted === undefined || wanted === scope) return []
  const args = { scope, wanted, policy: placeOf(placed, 'scope') }
  return [{ code: 'policy-scope', severity: 'fail', path: ['spec', 'scope'], args }]
}

/** What the API server makes of a Secret without a type. */
const DEFAULT_TYPE = 'Opaque'

function checkType(
  { type = DEFAULT_TYPE }: RuledSecret,
  placed: PlacedRule,
  sealed: boolean,
): PolicyProblem[] {
  const { types } = placed.rule
  if (!types || types.includes(type)) return []
  const path = sealed ? ['spec', 'template', 'type'] : ['type']
  const args = { type, wanted: types.join(', '), policy: placeOf(placed, 'types') }
  return [{ code: 'policy-type', severity: 'fail', path, args }]
}

function checkName(secret: RuledSecret, field: 'name' | 'namespace', placed: PlacedRule): PolicyProblem[] {
  const globs = placed.rule[field]
  const name = secret[field]
  if (!globs || globs.some((glob) => globMatches(glob, name))) return []
  const args = { field, name, wanted: globs.join(', '), policy: placeOf(placed, field) }
  return [{ code: 'policy-name', severity: 'fail', path: ['metadata', field], args }]
}
