import type { Random } from '../shared/crypto/xwing.ts'
import type { Kube, KubeObject } from '../shared/kube/port.ts'
import { EVENTS } from '../shared/kube/resources.ts'
import { NotLeading } from './leader/term.ts'
import type { Log } from './log.ts'
import type { Note } from './reconcile/transition.ts'

/** The kind of an object that Events speak of; lists leave it out of their items. */
interface Subject {
  apiVersion: string
  kind: string
}

export interface EventParts {
  kube: Pick<Kube, 'create'>
  log: Log
  now: () => number
  random: Random
  /** Which process this is: the pod's name. */
  instance: string
  signal: AbortSignal
  /** One was left out. */
  dropped: () => void
}

export interface Events {
  /** Sends an Event if it can be sent; nothing waits for it, and a failure is only logged. */
  tell(subject: Subject, object: KubeObject, note: Note): void
  /** Resolves when what was sent is answered. */
  settle(): Promise<void>
}

const REPORTER = 'waxwing.dev/controller'
/** An Event more than these would only make a struggling API server's day worse. */
const MAX_IN_FLIGHT = 64
/** events.k8s.io/v1: a note has at most 1 KiB. */
const MAX_NOTE = 1000

export function createEvents(parts: EventParts): Events {
  const { kube, log, now, random, instance, signal, dropped } = parts
  const inFlight = new Set<Promise<void>>()
  let told = false

  async function send(event: KubeObject, reason: string): Promise<void> {
    try {
      await kube.create(EVENTS, event, { signal })
    } catch (error) {
      if (signal.aborted || error instanceof NotLeading) return
      // Mostly a missing right, which would be told for each object.
      log[told ? 'debug' : 'warn']({ err: error, reason }, 'an Event could not be written')
      told = true
    }
  }

  return {
    tell(subject, object, note) {
      if (inFlight.size >= MAX_IN_FLIGHT) {
        dropped()
        log.debug({ reason: note.reason }, 'too many Events at once: left one out')
        return
      }
      const sending = send(eventOf(subject, object, note, now(), instance, random), note.reason)
      inFlight.add(sending)
      void sending.finally(() => inFlight.delete(sending))
    },
    async settle() {
      await Promise.all(inFlight)
    },
  }
}

function eventOf(
  { apiVersion, kind }: Subject,
  { metadata }: KubeObject,
  { type, reason, action, note }: Note,
  now: number,
  instance: string,
  random: Random,
): KubeObject {
  const { name, namespace = '', uid, resourceVersion } = metadata
  const suffix = Buffer.from(random(8)).toString('hex')
  const event = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.${suffix}`, namespace },
    eventTime: new Date(now).toISOString().replace('Z', '000Z'),
    reportingController: REPORTER,
    reportingInstance: instance.slice(0, 128),
    action,
    reason,
    type,
    note: bytesOf(note),
    regarding: { apiVersion, kind, name, namespace, uid, resourceVersion },
  }
  return event
}

/** The limit counts bytes, and the names in it may be of any script. */
function bytesOf(note: string): string {
  const bytes = Buffer.from(note)
  return bytes.length <= MAX_NOTE
    ? note
    : `${bytes
        .subarray(0, MAX_NOTE)
        .toString()
        .replace(/\uFFFD$/, '')}…`
}
