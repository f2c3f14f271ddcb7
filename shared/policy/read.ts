import { pathText, SealError } from '../errors.ts'
import { parseYaml } from '../format/yaml.ts'
import { isKeyId } from '../keys/id.ts'
import { readRule } from './read-rule.ts'
import { type Spot, type SpotReader, spotReader } from './spots.ts'
import type { Policy, PolicyRecipient } from './types.ts'
import { checkRelative } from './words.ts'

/** Reads the text of a `.waxwing.yaml`; throws one `policy-malformed` that lists all that is wrong. */
export function readPolicy(text: string): Policy {
  const r = spotReader(text)
  const node = parseYaml(text)
  if (!node) throw new SealError('policy-malformed', 'the file is empty')
  const root = r.root(node)
  const fields = r.fields(root, ['recipients', 'rules'])
  const [recipientsAt, rulesAt] = [fields.get('recipients'), fields.get('rules')]
  const recipients = recipientsAt ? readRecipients(r, recipientsAt) : new Map<string, PolicyRecipient>()
  if (!rulesAt) r.note(root, 'the field `rules` is missing')
  const rules = rulesAt ? r.items(rulesAt).map((spot) => readRule(r, spot, recipients)) : []
  if (r.problems.length > 0) throw malformed(r)
  return { recipients, rules }
}

function malformed({ problems }: SpotReader): SealError {
  const [first] = problems
  const words = first ? `${pathText(first.path) || 'the file'}: ${first.reason}` : 'unreadable'
  return new SealError('policy-malformed', words, { path: first?.path, problems })
}

function readRecipients(r: SpotReader, spot: Spot): Map<string, PolicyRecipient> {
  const recipients = new Map<string, PolicyRecipient>()
  for (const entry of r.entries(spot)) {
    const recipient = readRecipient(r, entry.key, entry)
    const same = [...recipients.values()].find(({ id }) => id === recipient.id && id !== '')
    if (same) r.note(entry, `has the same id as ${same.name}`)
    recipients.set(entry.key, recipient)
  }
  return recipients
}

function readRecipient(r: SpotReader, name: string, spot: Spot): PolicyRecipient {
  const fields = r.fields(spot, ['file', 'id'])
  const read = (field: string): string => {
    const at = fields.get(field)
    if (!at) r.note(spot, `the field \`${field}\` is missing`)
    return (at && r.text(at)) ?? ''
  }
  const [file, id] = [read('file'), read('id')]
  const idAt = fields.get('id')
  if (idAt && id !== '' && !isKeyId(id)) r.note(idAt, 'is not a key id (`wx` and 26 letters and digits)')
  const fileAt = fields.get('file')
  if (fileAt && file !== '') checkRelative(r, fileAt, file)
  return { name, file, id, line: spot.line }
}
