import { Gauge, type Registry } from 'prom-client'
import type { KeyUsage } from '../../shared/keys/published.ts'

/** What is asked for when somebody scrapes, so that nothing has to be kept up to date. */
export interface Gauges {
  queue: () => { waiting: number; running: number; delayed: number }
  keys: () => Record<string, number>
  /** The newest active key first. `notBefore` is RFC 3339. */
  created: () => readonly { id: string; notBefore: string }[]
  /** By key id; undefined while they are not counted. */
  keyObjects: () => ReadonlyMap<string, KeyUsage> | undefined
  ready: () => boolean
  leading: () => boolean
}

/** So many keys have numbers of their own, beginning with the newest. */
const MAX_KEYS = 50

const KEY_OBJECTS = [
  ['waxwing_sealing_key_objects', 'usable', 'SealedSecrets that name the key as a recipient.'],
  ['waxwing_sealing_key_needed_objects', 'needed', 'SealedSecrets that do not open without the key.'],
] as const

export function measure(registers: Registry[], gauges: Gauges): void {
  const { queue, keys, created, keyObjects, ready, leading } = gauges
  byLabel(
    'waxwing_queue_depth',
    'Objects waiting, being worked on, and waiting out a failure.',
    'state',
    () => Object.entries(queue()),
  )
  byLabel('waxwing_sealing_keys', 'Key Secrets by state; a malformed one is not used.', 'state', () =>
    Object.entries(keys()),
  )
  byLabel('waxwing_sealing_key_created_timestamp_seconds', 'When the sealing key was made.', 'key', () =>
    perKey(created().map(({ id, notBefore }) => [id, Date.parse(notBefore) / 1000])),
  )
  for (const [name, field, help] of KEY_OBJECTS)
    byLabel(name, help, 'key', () =>
      perKey([...(keyObjects() ?? [])].map(([id, usage]) => [id, usage[field]])),
    )
  oneOrZero('waxwing_ready', '1 when caches are synced and a key is loaded.', ready)
  oneOrZero('waxwing_leader', '1 for the replica that writes.', leading)

  function byLabel(name: string, help: string, label: string, read: () => [string, number][]): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset()
        for (const [value, count] of read()) this.set({ [label]: value }, count)
      },
    })
  }

  function oneOrZero(name: string, help: string, is: () => boolean): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(is() ? 1 : 0)
      },
    })
  }
}

const perKey = (all: [string, number][]): [string, number][] => all.slice(0, MAX_KEYS)
