import type { Event } from 'js-yaml'
import { jsYaml } from '#js-yaml'
import { SealError } from '../errors.ts'

/** YAML as it was written: what plain scalars mean is left to whoever reads a field. `at` is an offset into the text. */
export interface ScalarNode {
  kind: 'scalar'
  text: string
  /** Written without quotes, so a reader may take it for a number, a boolean, a date or null. */
  plain: boolean
  at: number
}
interface SequenceNode {
  kind: 'sequence'
  items: YamlNode[]
  at: number
}
export interface MappingNode {
  kind: 'mapping'
  entries: { key: ScalarNode; value: YamlNode }[]
  at: number
}
export type YamlNode = ScalarNode | SequenceNode | MappingNode

/** The standard tags that say what the node is anyway. */
const HARMLESS_TAGS = new Set(['', '!', '!!str', '!!map', '!!seq'])

/** One document's root node, or undefined for a document without content. Throws `yaml-…` codes placed by offset. */
export function parseYaml(text: string): YamlNode | undefined {
  const events = readEvents(text)
  const { EVENT_ID } = jsYaml()
  const [, second] = events.flatMap((event, i) => (event.type === EVENT_ID.DOCUMENT ? [i] : []))
  if (second !== undefined)
    // Reading the first and dropping the rest would let the rest pass unseen.
    throw new SealError('yaml-syntax', 'not YAML: a document begins where none was expected', {
      where: lineAndColumn(text, startOf(events[second + 1])),
    })
  if (events.length <= 2) return undefined
  const root = compose(text, events)
  // `---` alone begins a document, which YAML then takes for a null.
  return root.kind === 'scalar' && root.plain && root.text === '' ? undefined : root
}

function readEvents(text: string): Event[] {
  const { parseEvents, YAMLException } = jsYaml()
  try {
    return parseEvents(text, {})
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    // The exception's own message shows a piece of the source, which may be a password: only its fixed words are kept.
    const words = error.reason.replace(/(?: ?!?<|: | ").*$/s, '').trim()
    throw new SealError('yaml-syntax', `not YAML: ${words}`, {
      where: lineAndColumn(text, error.mark?.position ?? 0),
    })
  }
}

function startOf(event: Event | undefined): number {
  if (!event) return 0
  if ('start' in event) return event.start
  return 'valueStart' in event ? Math.max(0, event.valueStart) : 0
}

/** A mistake in indentation turns lines of a value into keys: only what looks like a name is shown. */
const shownKey = (key: string): string => (/^[-._/a-zA-Z0-9]{1,63}$/.test(key) ? `\`${key}\`` : 'a key')

function compose(text: string, events: Event[]): YamlNode {
  const { EVENT_ID, SCALAR_STYLE, getScalarValue } = jsYaml()
  const anchors = new Map<string, YamlNode>()
  let next = 1
  let at = 0

  const fail = (code: 'yaml-syntax' | 'yaml-duplicate-key', message: string, offset: number) =>
    new SealError(code, message, { where: lineAndColumn(text, offset) })

  function node(): YamlNode {
    const event = events[next++]
    if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      throw fail('yaml-syntax', 'not YAML: the document ends too early', at)
    if (event.type === EVENT_ID.ALIAS) {
      const target = anchors.get(text.slice(event.anchorStart, event.anchorEnd))
      if (!target) throw fail('yaml-syntax', 'an alias names an anchor that is not there', event.anchorStart)
      return target
    }
    if (event.type === EVENT_ID.SCALAR) at = Math.max(at, event.valueStart)
    else at = event.start
    const made = content(event)
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), made)
    return made
  }

  function content(event: Exclude<Event, { type: 1 | 5 | 6 }>): YamlNode {
    const tag = event.tagStart < 0 ? '' : text.slice(event.tagStart, event.tagEnd)
    if (!HARMLESS_TAGS.has(tag))
      throw fail('yaml-syntax', 'a YAML tag that Kubernetes manifests do not use', event.tagStart)
    if (event.type === EVENT_ID.SCALAR) {
      const plain = event.style === SCALAR_STYLE.PLAIN && tag === ''
      return { kind: 'scalar', text: event.valueStart < 0 ? '' : getScalarValue(text, event), plain, at }
    }
    const start = at
    if (event.type === EVENT_ID.SEQUENCE) {
      const items: YamlNode[] = []
      while (events[next]?.type !== EVENT_ID.POP) items.push(node())
      next += 1
      return { kind: 'sequence', items, at: start }
    }
    const made: MappingNode = { kind: 'mapping', entries: [], at: start }
    const seen = new Set<string>()
    while (events[next]?.type !== EVENT_ID.POP) addEntry(made, seen)
    next += 1
    return made
  }

  function addEntry(mapping: MappingNode, seen: Set<string>): void {
    const key = node()
    if (key.kind !== 'scalar') throw fail('yaml-syntax', 'a mapping key that is not a string', key.at)
    if (seen.has(key.text))
      throw fail('yaml-duplicate-key', `${shownKey(key.text)} stands twice in one mapping`, key.at)
    seen.add(key.text)
    if (key.text === '<<' && key.plain)
      throw fail('yaml-syntax', 'merge keys (`<<`) are not supported', key.at)
    mapping.entries.push({ key, value: node() })
  }

  return node()
}

/** Counted from 1, as editors do. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, offset))
  const lastBreak = before.lastIndexOf('\n')
  return { line: before.split('\n').length, column: before.length - lastBreak }
}

/** The node at a path, or the nearest one above it that is there: where an error about `path` belongs. */
export function nodeAt(root: YamlNode, path: readonly (string | number)[]): YamlNode {
  let here = root
  for (const step of path) {
    const below =
      here.kind === 'mapping'
        ? here.entries.find((entry) => entry.key.text === step)
        : here.kind === 'sequence' && typeof step === 'number'
          ? { key: undefined, value: here.items[step] }
          : undefined
    if (!below?.value) return here
    // A value's own place is its key's line: that is what people look for.
    here = below.key && below.value.kind === 'scalar' ? { ...below.value, at: below.key.at } : below.value
  }
  return here
}
