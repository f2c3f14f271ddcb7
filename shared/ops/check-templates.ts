import type { Finding } from '../check/finding.ts'
import { nearest } from '../check/nearest.ts'
import { isDataKey } from '../format/limits.ts'
import type { SealedSecret } from '../format/sealed-secret.ts'
import { nodeAt } from '../format/yaml.ts'
import { placeIn } from '../resource/render.ts'
import { type MissingUse, missingUses } from '../resource/template/missing.ts'
import { findingAt } from './documents.ts'
import type { PlacedSealed } from './sealed-nodes.ts'

/** Uses of values that the object does not have, told without a key; its templates can be parsed, as was checked before. */
export function checkTemplateKeys({ source, node }: PlacedSealed, sealed: SealedSecret): Finding[] {
  const keys = [...sealed.data.keys()]
  return [...sealed.template.data].flatMap(([template, text]) =>
    missingUses(template, text, (key) => sealed.data.has(key)).map((use) =>
      findingAt(source, {
        code: 'template-key',
        severity: use.what === 'refused' ? 'fail' : 'warn',
        at: nodeAt(node, ['spec', 'template', 'data', template]).at,
        args: { template, place: placeIn(text, use.at), what: use.what, ...keyArgs(use, keys) },
      }),
    ),
  )
}

/** What a template has in the place of a key may be any text; only what can be a key is shown. */
function keyArgs({ key, dotted }: MissingUse, keys: readonly string[]): Finding['args'] {
  const meant = dotted === undefined ? nearest(key, keys) : `index . "${dotted}"`
  return { ...(isDataKey(key) ? { key } : {}), ...(meant === undefined ? {} : { meant }) }
}
