import { isNull, toPlain } from '../../format/plain.ts'
import type { Spot, SpotEntry, SpotReader } from '../spots.ts'
import { known } from '../words.ts'
import { readJsonSchema } from './read-json-schema.ts'
import { readPattern } from './read-pattern.ts'
import type { CfguKey } from './types.ts'
import { VALUE_TYPE_NAMES, type ValueType } from './value-types.ts'

const FIELDS = [
  'type',
  'pattern',
  'schema',
  'options',
  'enum',
  'default',
  'required',
  'depends',
  'template',
  'const',
  'test',
  'lazy',
  'hidden',
  'label',
  'description',
]

type Fields = ReadonlyMap<string, SpotEntry>

export function readKey(r: SpotReader, entry: SpotEntry): CfguKey {
  const empty = entry.node.kind === 'scalar' && isNull(entry.node)
  const fields: Fields = empty ? new Map() : r.fields(entry, FIELDS)
  const skipped: { what: string; line: number }[] = []
  const skip = (what: string, { line }: Spot): void => {
    skipped.push({ what, line })
  }
  const read = <T>(field: string, as: (at: SpotEntry) => T | undefined, name = field) => {
    const at = fields.get(field)
    const value = at && as(at)
    return value === undefined ? {} : { [name]: value }
  }
  checkTogether(r, fields)
  const tests = fields.get('test')
  const depends = fields.get('depends')
  return {
    key: entry.key,
    line: entry.line,
    required: readFlag(r, fields.get('required')),
    ...read('type', (at) => readType(r, at, fields)),
    ...read('pattern', (at) => readPattern(r, at)),
    ...read('options', (at) => readOptions(r, at)),
    ...read('enum', (at) => readOptions(r, at), 'options'),
    ...read('schema', (at) => readJsonSchema(r, at, (what, where) => skip(`${what} in \`schema\``, where))),
    depends: depends ? r.texts(depends).map(({ text }) => text) : [],
    tests: tests ? readTests(r, tests, skip) : [],
    lines: new Map([...fields].map(([field, { line }]) => [field, line])),
    skipped,
  }
}

/** What Configu refuses as well: where a value is made, nobody need give one. */
const EXCLUDED: Record<string, readonly string[]> = {
  default: ['required', 'const', 'template', 'lazy'],
  const: ['required', 'lazy'],
  template: ['lazy', 'options'],
  options: ['enum'],
}

function checkTogether(r: SpotReader, fields: Fields): void {
  for (const [field, others] of Object.entries(EXCLUDED))
    for (const other of others) {
      const at = fields.get(other)
      if (fields.has(field) && at && isOn(at)) r.note(at, `stands beside \`${field}\`, which excludes it`)
    }
}

/** `required: false` says nothing. */
const isOn = ({ node }: Spot): boolean => !(node.kind === 'scalar' && node.text === 'false')

function readFlag(r: SpotReader, at: Spot | undefined): boolean {
  if (!at) return false
  if (at.node.kind !== 'scalar' || !/^(true|false)$/.test(at.node.text)) r.note(at, 'must be true or false')
  return isOn(at)
}

function readType(r: SpotReader, at: Spot, fields: Fields): ValueType | undefined {
  const text = r.text(at)
  const type = text === undefined ? undefined : known(r, at, text, VALUE_TYPE_NAMES, 'type of a `.cfgu` file')
  if (type === 'RegEx' && !fields.has('pattern')) r.note(at, 'needs the field `pattern`')
  if (type === 'JSONSchema' && !fields.has('schema')) r.note(at, 'needs the field `schema`')
  return type
}

/** Values are texts in the end: `7` and `"7"` are one option. */
function readOptions(r: SpotReader, at: Spot): string[] {
  const items = r.items(at)
  if (items.length === 0 && at.node.kind === 'sequence') r.note(at, 'must not be empty')
  return items.map(({ node }) => (node.kind === 'scalar' ? node.text : JSON.stringify(toPlain(node).data)))
}

/** Expressions are programs, which are not run; of those that are one call of a well-known check the check is made. */
const CALL = /^\s*validator\.is([A-Za-z0-9]+)\(\s*\$\.(?:value|storedValue)\s*\)\s*$/
const CALLS: ReadonlyMap<string, ValueType> = new Map([
  ['URL', 'URL'],
  ['Email', 'Email'],
  ['UUID', 'UUID'],
  ['Boolean', 'Boolean'],
  ['Numeric', 'Number'],
  ['SemVer', 'SemVer'],
  ['FQDN', 'Domain'],
  ['Hexadecimal', 'Hex'],
  ['Base64', 'Base64'],
  ['MD5', 'MD5'],
  ['MACAddress', 'MACAddress'],
  ['MimeType', 'MIMEType'],
  ['MongoId', 'MongoId'],
  ['HexColor', 'Color'],
  ['String', 'String'],
])

function readTests(r: SpotReader, at: Spot, skip: (what: string, at: Spot) => void): ValueType[] {
  return r.texts(at).flatMap(({ text, spot }) => {
    const type = CALLS.get(CALL.exec(text)?.[1] ?? '')
    if (type === undefined) skip('`test`', spot)
    return type ?? []
  })
}
