import { toBase64 } from '../../crypto/base64.ts'
import { type Path, SealError } from '../../errors.ts'
import type { Recipient, SealedSecret } from '../../format/sealed-secret.ts'
import { rewriteSealed } from './rewrite.ts'
import { type Step, sameData, stepsBetween } from './steps.ts'

/** A document in which wraps were renewed: everything else keeps its bytes, the other wraps and the comments too. */
export function rewriteWraps(text: string, path: Path, before: SealedSecret, after: SealedSecret): string {
  const steps = before.envelopes.flatMap(({ recipients }, i) =>
    wrapSteps(recipients, after.envelopes[i]?.recipients ?? [], [
      ...path,
      'spec',
      'envelopes',
      i,
      'recipients',
    ]),
  )
  return rewriteSealed(text, path, before, after, steps)
}

/** In place, where a new wrap stands for an old one: general steps would write the entry anew, without its comments. */
function wrapSteps(old: readonly Recipient[], now: readonly Recipient[], path: Path): Step[] {
  const kept = new Set(now.map(({ key }) => key))
  let places = now.filter(({ key }) => !old.some((entry) => entry.key === key)).length
  const stays = old.map(({ key }) => kept.has(key) || places-- > 0)
  const gone = stays.flatMap((stay, i): Step[] => (stay ? [] : [{ do: 'remove', path: [...path, i] }]))
  const puts = old
    .filter((_, i) => stays[i])
    .flatMap((entry, i) => stepsBetween(plain(entry), plain(now[i]), [...path, i]))
  return [...gone.reverse(), ...puts]
}

const plain = (entry: Recipient | undefined): unknown =>
  entry && { key: entry.key, kem: toBase64(entry.kem), wrap: toBase64(entry.wrap) }

/** What a rewrap does to an object, in key ids. */
export interface Renewal {
  gone: string[]
  fresh: string[]
}

export function renewalOf(before: SealedSecret, after: SealedSecret): Renewal {
  const wraps = ({ envelopes }: SealedSecret) =>
    new Map(
      envelopes.flatMap(({ id, recipients }) => recipients.map((entry) => [`${id} ${entry.key}`, entry])),
    )
  const [old, now] = [wraps(before), wraps(after)]
  const other = (from: ReadonlyMap<string, Recipient>, to: ReadonlyMap<string, Recipient>) => [
    ...new Set([...from].flatMap(([id, entry]) => (sameData(entry, to.get(id)) ? [] : [entry.key]))),
  ]
  return { gone: other(old, now), fresh: other(now, old) }
}

/**
 * An object with the wraps of `answer`, and nothing else of it: who answers for a cluster renews its wraps, to one key,
 * and has no say in anything besides. Throws `cluster-answer` where the answer is not that.
 */
export function takeWraps(sealed: SealedSecret, answer: SealedSecret): SealedSecret {
  const envelopes = sealed.envelopes.map((envelope, i) => {
    const theirs = answer.envelopes[i]
    const same =
      theirs?.id === envelope.id && sameData({ ...theirs, recipients: [] }, { ...envelope, recipients: [] })
    if (!theirs || !same) throw strange('another envelope')
    return { ...envelope, recipients: theirs.recipients }
  })
  if (answer.envelopes.length !== envelopes.length) throw strange('another envelope')
  const after = { ...sealed, envelopes }
  const { fresh } = renewalOf(sealed, after)
  if (fresh.length > 1) throw strange('wraps for several keys')
  for (const [i, { recipients }] of envelopes.entries())
    checkPlaces(sealed.envelopes[i]?.recipients ?? [], recipients, fresh[0])
  return after
}

/** Others' wraps keep their order, and for one or several of its own the cluster gives one. */
function checkPlaces(old: readonly Recipient[], now: readonly Recipient[], fresh: string | undefined): void {
  const others = now.flatMap(({ key }) => (key === fresh ? [] : [key]))
  const kept = old.flatMap(({ key }) => (others.includes(key) ? [key] : []))
  if (kept.join() !== others.join() || now.length === 0 || now.length > old.length)
    throw strange('other wraps')
}

const strange = (what: string): SealError =>
  new SealError('cluster-answer', `the controller answered with ${what} than it was asked about`)
