import { SealError } from '../errors.ts'
import { toPlain } from '../format/plain.ts'
import { yamlText } from '../format/write.ts'
import { parseYaml } from '../format/yaml.ts'
import { type KeyUsage, type PublishedKey, publishedKeyObject, readPublishedKey, sumOf } from './published.ts'

/** In the controller's namespace, where SealingKey objects may not be written. */
export const KEY_CONFIG_MAP = 'waxwing-sealing-keys'

/** A document for each key, and the counts of one controller. */
export function configMapData(keys: readonly PublishedKey[], counter: string): Record<string, string> {
  const counts = keys.flatMap(({ key, usage }) => (usage ? [[key.id, usage] as const] : []))
  return {
    ...Object.fromEntries(
      keys.map(({ usage: _, ...key }) => [
        `${key.key.id}.yaml`,
        yamlText(publishedKeyObject(key, key.key.id, counter)),
      ]),
    ),
    ...(counts.length > 0 && { [countsOf(counter)]: JSON.stringify(Object.fromEntries(counts)) }),
  }
}

export const countsOf = (counter: string): string => `${counter.slice(0, 200)}.json`

/** Whatever in it is no key is left out. */
export function readConfigMap(data: Readonly<Record<string, string>>): PublishedKey[] {
  const texts = (end: string) =>
    Object.entries(data).flatMap(([name, text]) => (name.endsWith(end) ? [text] : []))
  const counts = texts('.json').flatMap((text) =>
    readable(() => JSON.parse(text) as Record<string, KeyUsage>),
  )
  return texts('.yaml').flatMap((text) =>
    readable(() => {
      const root = parseYaml(text)
      const key = readPublishedKey(root && toPlain(root).data)
      const usage = sumOf(counts.flatMap((count) => count?.[key.key.id] ?? []))
      return { ...key, ...(usage && { usage }) }
    }),
  )
}

function readable<T>(read: () => T): T[] {
  try {
    return [read()]
  } catch (error) {
    if (error instanceof SealError || error instanceof SyntaxError) return []
    throw error
  }
}
