import { toBase64 } from '../crypto/base64.ts'
import { SealError } from '../errors.ts'
import { fieldOf } from '../format/nodes.ts'
import type { YamlNode } from '../format/yaml.ts'
import { isKeyId } from '../keys/id.ts'
import { KEY_LABEL } from '../keys/labels.ts'
import type { SealingKey } from '../keys/public.ts'
import { readDocuments } from './documents.ts'

/** The text of a key file with `next` in the place of `old`; every other byte stays. */
export function replaceKey(file: string, text: string, old: SealingKey, next: SealingKey): string {
  const { documents } = readDocuments(file, text)
  let found = false
  const texts = documents.map((document) => {
    const spec = fieldOf(document.root, 'spec')
    const metadata = fieldOf(document.root, 'metadata')
    if (found || textOf(spec, 'id') !== old.id) return document.text
    found = true
    return replaceScalars(
      document.text,
      [
        [fieldOf(spec, 'id'), next.id],
        [fieldOf(spec, 'publicKey'), toBase64(next.publicKey)],
        [fieldOf(spec, 'notBefore'), next.notBefore],
        [fieldOf(spec, 'notAfter'), next.notAfter],
        // As a cluster shows keys: named by the id, and marked.
        ...(textOf(metadata, 'name') === old.id ? [[fieldOf(metadata, 'name'), next.id] as const] : []),
        ...(old.retired ? [[fieldOf(fieldOf(metadata, 'labels'), KEY_LABEL), 'active'] as const] : []),
      ],
      file,
    )
  })
  if (!found || texts.length !== documents.length) throw inPlace(file)
  return texts.join('')
}

/** The text of a policy with another id in its pins. */
export function replacePins(file: string, text: string, ids: ReadonlySet<string>, next: string): string {
  const [document] = readDocuments(file, text).documents
  const recipients = fieldOf(document?.root, 'recipients')
  if (!document || recipients?.kind !== 'mapping') return text
  const pins = recipients.entries.map(({ value }) => fieldOf(value, 'id'))
  const old = pins.filter((pin) => pin?.kind === 'scalar' && ids.has(pin.text))
  return replaceScalars(
    document.text,
    old.map((pin) => [pin, next]),
    file,
  )
}

/** Each as a quoted text, at the place of the scalar that is there. */
function replaceScalars(
  text: string,
  changes: readonly (readonly [YamlNode | undefined, string])[],
  file: string,
): string {
  const spots = changes.map(([node, value]) => {
    if (node?.kind !== 'scalar') throw inPlace(file)
    // A node stands at its text or at the quote before it; one that is folded, or an alias, does not stand there as it reads.
    const start = /["']/.test(text.charAt(node.at)) ? node.at + 1 : node.at
    if (!text.startsWith(node.text, start)) throw inPlace(file)
    const end = start + node.text.length
    const quote = text.charAt(start - 1)
    const quoted = /["']/.test(quote) && text.charAt(end) === quote
    if (quoted) return { at: start, end, written: value }
    return { at: start, end, written: isKeyId(value) ? value : JSON.stringify(value) }
  })
  return spots
    .sort((a, b) => b.at - a.at)
    .reduce((whole, { at, end, written }) => whole.slice(0, at) + written + whole.slice(end), text)
}

function textOf(node: YamlNode | undefined, name: string): string | undefined {
  const field = fieldOf(node, name)
  return field?.kind === 'scalar' ? field.text : undefined
}

const inPlace = (file: string): SealError =>
  new SealError('key-malformed', 'is not written so that a key in it can be replaced', {
    where: { file },
    hint: 'Write the new key into it by `waxwing keys fetch`, and its id into the policy.',
  })
