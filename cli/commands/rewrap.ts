import { type Finding, isFail } from '../../shared/check/finding.ts'
import { SealError } from '../../shared/errors.ts'
import type { SealedSecret } from '../../shared/format/sealed-secret.ts'
import { checkKeyless } from '../../shared/format/unseal.ts'
import { shortId } from '../../shared/keys/id.ts'
import { renewalOf, rewriteWraps } from '../../shared/ops/edit/rewrap.ts'
import { findTarget, withDocument } from '../../shared/ops/edit/target.ts'
import type { SealedAt } from '../../shared/ops/sealed-stream.ts'
import { confirmFiles, type FileChange, writeChanges } from '../change/many.ts'
import { inFile } from '../change/open.ts'
import { identity } from '../change/words.ts'
import { readInput, STDIN } from '../io/read.ts'
import { Refused, usage } from '../refused.ts'
import { counted } from '../render/text.ts'
import { rulingFor } from '../ruling.ts'
import type { Terminal } from '../terminal.ts'
import { collectSealed } from './report/collect.ts'
import type { RewrapFlags } from './rewrap/declare.ts'
import { type Holder, holderOf } from './rewrap/holder.ts'

interface Rewrap extends FileChange {
  /** `shop/db   wx7c2m… → wxq4ad…` */
  lines: string[]
}

interface Renewed {
  at: SealedAt
  after: SealedSecret
}

/** Renews one holder's wraps in all files, or in none. */
export async function runRewrap(
  paths: readonly string[],
  flags: RewrapFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (paths.includes(STDIN)) throw usage('rewrap writes into files; it cannot read standard input')
  const { sealed, findings } = await collectSealed(paths, terminal, signal)
  if (findings.some(isFail)) throw new Refused(findings)
  const holder = await holderOf(flags, signal)
  const own = sealed.filter((at) => holder.opens(at.sealed))
  const renewed = await renewAll(own, holder, signal).finally(() => holder.close())
  for (const one of renewed) await checkPinned(one, flags.pin, signal)
  const all = await textsOf(renewed, signal)
  const others = sealed.length - own.length
  if (others > 0) terminal.note(`${counted(others, 'SealedSecret')} for others, left as they are`)
  if (all.length === 0) return terminal.note('nothing to rewrap')
  const plan = all.flatMap(({ path, lines }) => lines.map((line) => `${path}   ${line}`))
  const objects = counted(plan.length, 'SealedSecret')
  terminal.say(
    'plan',
    `new wraps in ${objects} of ${counted(all.length, 'file')}; values and other wraps untouched`,
    plan,
  )
  if (flags.dryRun) return terminal.note('nothing was written (--dry-run)')
  if (!flags.yes) await confirmFiles(all.length, signal)
  await writeChanges(all, signal)
  terminal.say('changed', counted(all.length, 'file'))
}

/** So many at a time; a controller lets one caller no more. */
const WIDTH = 4

async function renewAll(own: readonly SealedAt[], holder: Holder, signal: AbortSignal): Promise<Renewed[]> {
  const renewed: (Renewed | undefined)[] = own.map(() => undefined)
  const refused: Finding[] = []
  const rest = own.entries()
  const work = async () => {
    for (const [i, at] of rest) {
      signal.throwIfAborted()
      const result = await renewOne(at, holder)
      if ('code' in result) refused.push(result)
      else renewed[i] = { at, after: result }
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, work))
  if (refused.length > 0) throw new Refused(refused)
  return renewed.filter((one) => one !== undefined && one.after !== one.at.sealed) as Renewed[]
}

async function renewOne({ sealed, file, line }: SealedAt, holder: Holder): Promise<SealedSecret | Finding> {
  const place = { severity: 'fail' as const, file, line }
  try {
    checkKeyless(sealed)
    const after = await holder.renew(sealed)
    if (after) return sameWraps(sealed, after) ? sealed : after
    return {
      code: 'cluster-refused',
      ...place,
      args: { reason: `the controller refuses ${identity(sealed)}` },
    }
  } catch (error) {
    if (!(error instanceof SealError) || error.where) throw error
    if (error.code === 'cluster' || error.code === 'key-malformed') throw error
    return { code: error.code, ...place, args: { reason: error.message } }
  }
}

const sameWraps = (before: SealedSecret, after: SealedSecret): boolean => {
  const { gone, fresh } = renewalOf(before, after)
  return gone.length + fresh.length === 0
}

/** Where ids are pinned, no other key may become a recipient. */
async function checkPinned(
  { at, after }: Renewed,
  pin: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const ruling = await rulingFor(at.file, signal)
  const policy = [...(ruling?.loaded.policy.recipients.values() ?? [])].map(({ id }) => id)
  const pinned = pin !== undefined ? [pin] : policy
  const stranger = renewalOf(at.sealed, after).fresh.find((id) => !pinned.includes(id))
  if (pinned.length === 0 || stranger === undefined) return
  const by =
    pin !== undefined ? 'is not the one of --pin' : `is pinned by no recipient of ${ruling?.loaded.path}`
  throw new SealError('key-pinned', `the new key ${shortId(stranger)} ${by}`, { where: { file: at.file } })
}

async function textsOf(renewed: readonly Renewed[], signal: AbortSignal): Promise<Rewrap[]> {
  const all = new Map<string, Rewrap>()
  for (const { at, after } of renewed) {
    const { file, sealed } = at
    const before = all.get(file)?.before ?? (await readInput(file, signal)).text
    const text = all.get(file)?.text ?? before
    const name = [sealed.namespace, sealed.name].filter((part) => part !== '').join('/')
    const { target, findings } = findTarget(file, text, name)
    if (!target || findings.some(isFail)) throw new Refused(findings)
    const document = await inFile(target, () =>
      rewriteWraps(target.source.text, target.path, target.sealed, after),
    )
    const { gone, fresh } = renewalOf(sealed, after)
    const words = `${identity(sealed)}   ${gone.map(shortId).join(', ')} → ${fresh.map(shortId).join(', ') || 'what is there'}`
    const lines = [...(all.get(file)?.lines ?? []), words]
    all.set(file, { path: file, before, text: withDocument(target, document), lines })
  }
  return [...all.values()]
}
