import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { KeyUsage } from '../shared/keys/published.ts'
import type { Kube } from '../shared/kube/port.ts'
import { VERSION } from '../shared/version.ts'

/** What is asked for when somebody scrapes, so that nothing has to be kept up to date. */
interface Gauges {
  queue: () => { waiting: number; running: number; delayed: number }
  keys: () => Record<string, number>
  /** By key id; undefined while they are not counted. */
  keyObjects: () => ReadonlyMap<string, KeyUsage> | undefined
  ready: () => boolean
  leading: () => boolean
}

export interface Metrics {
  registry: Registry
  reconciled(result: string): void
  opened(ms: number): void
  disconnected(resource: string): void
  wrote(resource: string, verb: string): void
  corrected(editors: readonly string[]): void
  measure(gauges: Gauges): void
}

const MAX_MANAGERS = 20
const MAX_KEYS = 50

/** Everything that is counted, under the names that docs/controller.md lists. Labels are rows, codes and kinds only. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'waxwing_build_info',
    help: 'Always 1; the label is the version.',
    labelNames: ['version'],
    registers,
  }).set({ version: VERSION }, 1)
  const reconciles = new Counter({
    name: 'waxwing_reconciles_total',
    help: 'Reconciles by the row of the decision table they ended in, or error.',
    labelNames: ['result'],
    registers,
  })
  const opens = new Histogram({
    name: 'waxwing_open_duration_seconds',
    help: 'Time to check and open one SealedSecret.',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
    registers,
  })
  const lost = new Counter({
    name: 'waxwing_watch_failures_total',
    help: 'Watches lost or attempts to list or watch that failed, by resource.',
    labelNames: ['resource'],
    registers,
  })
  const writes = new Counter({
    name: 'waxwing_writes_total',
    help: 'Write requests that the API server accepted.',
    labelNames: ['resource', 'verb'],
    registers,
  })
  const corrections = new Counter({
    name: 'waxwing_drift_corrections_total',
    help: 'Secrets put back after somebody changed or deleted them, by the field manager that did.',
    labelNames: ['manager'],
    registers,
  })

  const managers = new Set<string>()
  /** Anybody can make up names, so only so many become labels. */
  function manager(editors: readonly string[]): string {
    const [name = 'unknown'] = editors
    if (managers.size < MAX_MANAGERS) managers.add(name)
    return managers.has(name) ? name : 'other'
  }

  return {
    registry,
    reconciled: (result) => reconciles.inc({ result }),
    opened: (ms) => opens.observe(ms / 1000),
    disconnected: (resource) => lost.inc({ resource }),
    wrote: (resource, verb) => writes.inc({ resource, verb }),
    corrected: (editors) => corrections.inc({ manager: manager(editors) }),
    measure: (gauges) => addGauges(registers, gauges),
  }
}

function addGauges(registers: Registry[], { queue, keys, keyObjects, ready, leading }: Gauges): void {
  new Gauge({
    name: 'waxwing_queue_depth',
    help: 'Objects waiting, being worked on, and waiting out a failure.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(queue())) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'waxwing_sealing_keys',
    help: 'Key Secrets by state; a malformed one is not used.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(keys())) this.set({ state }, count)
    },
  })
  for (const [name, field, help] of KEY_OBJECTS)
    new Gauge({
      name,
      help,
      labelNames: ['key'],
      registers,
      collect() {
        this.reset()
        for (const [key, usage] of [...(keyObjects() ?? [])].slice(0, MAX_KEYS))
          this.set({ key }, usage[field])
      },
    })
  new Gauge({
    name: 'waxwing_ready',
    help: '1 when caches are synced and a key is loaded.',
    registers,
    collect() {
      this.set(ready() ? 1 : 0)
    },
  })
  new Gauge({
    name: 'waxwing_leader',
    help: '1 for the replica that writes.',
    registers,
    collect() {
      this.set(leading() ? 1 : 0)
    },
  })
}

const KEY_OBJECTS = [
  ['waxwing_sealing_key_objects', 'usable', 'SealedSecrets that name the key as a recipient.'],
  ['waxwing_sealing_key_needed_objects', 'needed', 'SealedSecrets that do not open without the key.'],
] as const

/** The same client, with accepted writes counted. */
export function countWrites(kube: Kube, wrote: Metrics['wrote']): Kube {
  return {
    ...kube,
    async create(resource, object, options) {
      const created = await kube.create(resource, object, options)
      wrote(resource.plural, 'create')
      return created
    },
    async mergePatch(resource, id, patch, options) {
      const patched = await kube.mergePatch<never>(resource, id, patch, options)
      wrote(options?.subresource ? `${resource.plural}/${options.subresource}` : resource.plural, 'patch')
      return patched
    },
    async delete(resource, id, options) {
      await kube.delete(resource, id, options)
      wrote(resource.plural, 'delete')
    },
  }
}
