import { CHECK_CODES } from '../check-codes/all.ts'
import { SCHEMA } from '../check-codes/policy.ts'
import { SCOPES, type Scope } from '../crypto/bound.ts'
import { readGenerate } from './read-generate.ts'
import { readMaxAge } from './read-max-age.ts'
import type { Spot, SpotEntry, SpotReader } from './spots.ts'
import type { PolicyRecipient, Rule } from './types.ts'
import { checkGlob, checkRelative, known } from './words.ts'

const FIELDS = [
  'match',
  'recipients',
  'scope',
  'types',
  'name',
  'namespace',
  'generate',
  'maxAge',
  'schema',
  'allow',
]
const ALLOWABLE = [
  ...Object.keys(CHECK_CODES),
  ...Object.keys(SCHEMA).filter((code) => code !== 'schema-malformed'),
]

export function readRule(r: SpotReader, spot: Spot, recipients: ReadonlyMap<string, PolicyRecipient>): Rule {
  const fields = r.fields(spot, FIELDS)
  const read = <T>(field: string, as: (entry: SpotEntry) => T | undefined) => {
    const entry = fields.get(field)
    const value = entry && as(entry)
    return value === undefined ? {} : { [field]: value }
  }
  const matchAt = fields.get('match')
  if (!matchAt) r.note(spot, 'the field `match` is missing')
  return {
    line: spot.line,
    match: matchAt ? globs(r, matchAt) : [],
    ...read('recipients', (entry) => readRecipients(r, entry, recipients)),
    ...read('scope', (entry) => readScope(r, entry)),
    ...read('types', (entry) => r.texts(entry).map(({ text }) => text)),
    ...read('name', (entry) => globs(r, entry)),
    ...read('namespace', (entry) => globs(r, entry)),
    ...read('schema', (entry) => readPath(r, entry)),
    generate: readMapping(r, fields.get('generate'), readGenerate),
    maxAge: readMapping(r, fields.get('maxAge'), readMaxAge),
    allow: new Set(readAllow(r, fields.get('allow'))),
    lines: new Map([...fields].map(([field, { line }]) => [field, line])),
  }
}

function globs(r: SpotReader, entry: Spot): string[] {
  const texts = r.texts(entry)
  for (const { text, spot } of texts) checkGlob(r, spot, text)
  return texts.map(({ text }) => text)
}

function readRecipients(
  r: SpotReader,
  entry: Spot,
  recipients: ReadonlyMap<string, PolicyRecipient>,
): PolicyRecipient[] {
  const found = new Map<string, PolicyRecipient>()
  for (const { text, spot } of r.texts(entry)) {
    const recipient = recipients.get(text)
    if (!recipient) known(r, spot, text, [...recipients.keys()], 'recipient of this policy')
    else if (found.has(text)) r.note(spot, 'stands twice')
    else found.set(text, recipient)
  }
  return [...found.values()]
}

function readScope(r: SpotReader, entry: Spot): Scope | undefined {
  const text = r.text(entry)
  return text === undefined ? undefined : known(r, entry, text, SCOPES, 'scope')
}

function readPath(r: SpotReader, entry: Spot): string | undefined {
  const text = r.text(entry)
  if (text !== undefined) checkRelative(r, entry, text)
  return text
}

function readMapping<T>(
  r: SpotReader,
  spot: Spot | undefined,
  one: (r: SpotReader, entry: SpotEntry) => T | undefined,
): T[] {
  return (spot ? r.entries(spot) : []).flatMap((entry) => {
    checkGlob(r, entry, entry.key)
    const value = one(r, entry)
    return value === undefined ? [] : [value]
  })
}

const readAllow = (r: SpotReader, spot: Spot | undefined): string[] =>
  (spot ? r.texts(spot) : []).flatMap(
    ({ text, spot: at }) => known(r, at, text, ALLOWABLE, 'code of a finding that can be allowed') ?? [],
  )
