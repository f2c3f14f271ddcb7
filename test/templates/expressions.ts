import fc from 'fast-check'

const TYPES = ['any', 'string', 'int', 'bool', 'list', 'dict'] as const
type Type = (typeof TYPES)[number]
type Text = fc.Arbitrary<string>

const LITERALS = [
  '""',
  '"a"',
  '"é☃"',
  '"a,b"',
  '" x\\t"',
  '"\\xff\\x00z"',
  '`raw\\n`',
  '"<&>\'"',
  '"12"',
  '"%"',
]
const FIELDS = [
  '.a',
  '.b',
  '.num',
  '.list',
  '.json',
  '$.a',
  '(index . "d-e")',
  '(index $ "a")',
  '.missing',
  '$s',
]
const STRING_FORMATS = [
  '%v',
  '%5v|',
  '%-6v|',
  '%s',
  '%q',
  '%x',
  '%X',
  '% x',
  '%#x',
  '%+q',
  '%.2s',
  '%6.1s|',
  '%%%s',
]
const INT_FORMATS = ['%d', '%05d', '%+d', '%x', '%#X', '%b', '%o', '%c', '%-4d|', '%6.3d', '%v', '% d', '%f']

/** A call in one of the forms that Go has for it: all arguments behind it, or the last one before a `|`. */
function call(name: string, ...args: Text[]): Text {
  return fc.tuple(fc.boolean(), ...args).map(([piped, ...texts]) => {
    const wrapped = texts.map((text) => (/^[^\s|]+$/.test(text) ? text : `(${text})`))
    const last = wrapped.at(-1)
    return piped && last !== undefined
      ? `${last} | ${[name, ...wrapped.slice(0, -1)].join(' ')}`
      : [name, ...wrapped].join(' ')
  })
}

const pick = (...texts: string[]): Text => fc.constantFrom(...texts)
const oneOf = (names: string, ...args: Text[]): Text =>
  fc.constantFrom(...names.split(' ')).chain((name) => call(name, ...args))
const small = pick('0', '1', '2', '3', '5', "'\\x03'", '2.0')
const offset = fc.oneof({ weight: 9, arbitrary: pick('0', '1') }, { weight: 1, arbitrary: pick('-1', '4') })

/**
 * Expressions by the type that they have. Most are sound, so that they come to a value; `any` mixes the types, and so makes
 * mistakes too.
 */
export const expressions: Record<Type, Text> = fc.letrec<Record<Type, string>>((tie) => {
  const { any, string, int, bool, list, dict } = Object.fromEntries(
    TYPES.map((type) => [type, tie(type)]),
  ) as Record<Type, Text>
  const level = (...ways: [Text, ...Text[]]) => fc.oneof({ maxDepth: 2, depthIdentifier: 'level' }, ...ways)
  const format = (formats: readonly string[], value: Text) =>
    fc.constantFrom(...formats).chain((text) => call('printf', fc.constant(`"${text}"`), value))
  const encoded = call('b64enc', string)
  return {
    any: level(pick('"x"', '.a', '$n', '$x', '1.5', '.', '$.missing'), string, string, int, bool, list, dict),
    string: level(
      pick(...LITERALS),
      pick(...FIELDS),
      oneOf('trim upper lower b64enc sha256sum', string),
      call('b64dec', encoded),
      oneOf('quote squote toString toJson toRawJson toPrettyJson html js urlquery print', any),
      oneOf('trimAll trimPrefix trimSuffix', string, string),
      oneOf('indent nindent repeat trunc', small, string),
      oneOf('print cat println urlquery quote', any, any),
      oneOf('default coalesce', any, string),
      call('ternary', string, string, bool),
      call('replace', string, string, string),
      call(
        'substr',
        offset,
        small,
        string.map((text) => `print "abc" (${text})`),
      ),
      call('join', string, list),
      format(STRING_FORMATS, string),
      format(INT_FORMATS, int),
      format(['%v', '%s', '%q'], list),
      call('printf', pick('"%s=%v"'), string, any),
      dict.map((value) => `(${value}).a`),
      oneOf('first last', list),
    ),
    int: level(
      small,
      pick('7', '-3', '0x1F', '1e2', '$n', '9223372036854775807'),
      call('len', fc.oneof(string, list, dict)),
      oneOf('add sub mul div mod max min', int, int),
      oneOf('int int64 add1 float64 floor ceil', int),
      oneOf('int int64 atoi float64', pick('"12"', '$.num', '"0x1F"', '"-7"')),
      call(
        'index',
        string.map((text) => `print "ab" (${text})`),
        offset,
      ),
    ),
    bool: level(
      pick('true', 'false'),
      oneOf('eq ne lt le gt ge', string, string),
      oneOf('eq ne lt le gt ge', int, int),
      oneOf('and or any all', any, any),
      oneOf('not empty', any),
      oneOf('contains hasPrefix hasSuffix', string, string),
      call('has', any, list),
      call('hasKey', pick('dict "a" 1'), string),
    ),
    list: level(
      pick('list', '(until 3)', '(untilStep 6 0 -2)', '(list "b" "a")'),
      call('list', any, any),
      call('splitList', string, string),
      oneOf('rest initial reverse uniq compact sortAlpha', call('append', list, any)),
      oneOf('without append prepend', list, any),
      call('concat', list, list),
      call('slice', call('append', list, any), offset),
    ),
    dict: level(
      pick('$', 'dict', '(dict "a" 1)'),
      call('dict', string, any, pick('"a"'), any),
      call('split', string, string),
      call('fromJson', pick('$.json', '`{"a":[1,"x",{"b":2.5}]}`')),
    ),
  }
})
