import { type Finding, isFail } from '../../shared/check/finding.ts'
import { chooseKem } from '../../shared/crypto/kem/choose.ts'
import { isNamespaceName } from '../../shared/format/limits.ts'
import { planSeal } from '../../shared/ops/seal-plan.ts'
import { readAllowFlags } from '../allow.ts'
import { randomBytes } from '../io/random.ts'
import { readInputs, STDIN } from '../io/read.ts'
import { Refused, usage } from '../refused.ts'
import { type Ruling, rulingFor, unmatched } from '../ruling.ts'
import { checkSealable } from '../sealable.ts'
import type { Terminal } from '../terminal.ts'
import type { InputPlan, SealFlags, SealInput } from './seal/flags.ts'
import { chooseKeys } from './seal/keys.ts'
import { sayAny } from './seal/say.ts'
import { chooseTargets, outputOf, type SealTarget } from './seal/targets.ts'
import { unplaced, writeSealed } from './seal/write.ts'

/** Seals the Secrets of all inputs, or none of them. */
export async function runSeal(
  files: readonly string[],
  flags: SealFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const paths = files.length > 0 ? files : [STDIN]
  const target = chooseTargets(paths, flags)
  await sealInputs(() => readInputs(paths, signal), target, flags, terminal, signal)
}

/** The same for whatever `read` gives; the flags are checked before that. */
export async function sealInputs(
  read: () => Promise<readonly SealInput[]>,
  target: SealTarget,
  flags: SealFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (flags.namespace !== undefined && !isNamespaceName(flags.namespace))
    throw usage('-n is not a namespace that Kubernetes accepts')
  const inputs = await read()
  const rulings: (Ruling | undefined)[] = []
  const unruled: Finding[] = []
  for (const [i, { name }] of inputs.entries()) {
    const path = outputOf(target, i) ?? name
    const ruling = await rulingFor(path, signal)
    rulings.push(ruling)
    if (!ruling) unruled.push(...(await unmatched(path, signal)))
  }
  const plans = await planAll(inputs, rulings, flags)
  const keys = await chooseKeys(rulings, flags, signal)
  const warnings = checkSealable(keys.flat(), flags.allowExpired)
  await sayAny(terminal, [...plans.flatMap(({ findings }) => findings), ...unruled, ...warnings])
  const means = { kem: await chooseKem(), random: randomBytes, now: Date.now() }
  await writeSealed(plans, means, keys, target, flags, terminal, signal)
}

/** Plans without the kubeconfig first: it is asked only for a namespace that nothing else states. */
async function planAll(
  inputs: readonly SealInput[],
  rulings: readonly (Ruling | undefined)[],
  flags: SealFlags,
): Promise<InputPlan[]> {
  const terms = { now: Date.now(), allow: readAllowFlags(flags.allow) }
  const plan = (defaultNamespace?: string) =>
    inputs.map(({ name, text, made = false }, i) => {
      const policy = rulings[i]
      const scope = flags.scope ?? policy?.rule.scope ?? 'strict'
      const planned = planSeal(name, text, { ...flags, ...terms, scope, policy, defaultNamespace })
      return { ...planned, made, findings: made ? unplaced(planned.findings) : planned.findings }
    })
  let plans = plan()
  if (plans.some(({ findings }) => findings.some(({ args }) => args.problem === 'no-namespace'))) {
    const { contextNamespace } = await import('../cluster.ts')
    const namespace = await contextNamespace(flags)
    if (namespace !== undefined) plans = plan(namespace)
  }
  const findings = plans.flatMap((each) => each.findings)
  // Inputs that are joined to one stream need one Secret together; a file of its own needs its own.
  const joined = !flags.write && plans.some(({ secrets }) => secrets.length > 0)
  const counted = joined ? findings.filter(({ code }) => code !== 'secret-kind') : findings
  if (counted.some(isFail)) throw new Refused(counted)
  return joined ? plans.map((each) => ({ ...each, findings: each.findings.filter(isNotKind) })) : plans
}

const isNotKind = ({ code }: Finding): boolean => code !== 'secret-kind'
