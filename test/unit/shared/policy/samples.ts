/** Policies, and whether the reader takes them. `editor`: whether an editor's schema can say so as well. */
export interface PolicySample {
  name: string
  text: string
  /** What the refusal says. */
  refused?: string
  editor?: false
}

export const ID = 'wxu5fus6ikzii3ftnombfcdkzx4e'
const HEAD = `recipients:\n  prod: { file: prod.key.yaml, id: ${ID} }\nrules:\n`

const rule = (fields: string): string => `${HEAD}  - match: "**"\n    ${fields}\n`

const good = (name: string, text: string): PolicySample => ({ name, text })
const bad = (name: string, text: string, refused: string): PolicySample => ({ name, text, refused })
/** What takes more than a schema to see. */
const worse = (name: string, text: string, refused: string): PolicySample => ({
  ...bad(name, text, refused),
  editor: false,
})

export const POLICIES: readonly PolicySample[] = [
  good('no rules', 'rules: []'),
  good('recipients alone', `${HEAD}  []`),
  good('a rule of everything', rule('recipients: prod')),
  good('lists', rule('recipients: [prod]\n    types: [Opaque, kubernetes.io/tls]')),
  good('several patterns', `rules:\n  - match: [apps/**, "*.yaml", "{a,b}/[c-d]?.yaml"]\n`),
  good('one type', rule('types: Opaque')),
  ...['strict', 'namespace', 'cluster'].map((scope) => good(`scope ${scope}`, rule(`scope: ${scope}`))),
  good('names', rule('name: [db, db-*]\n    namespace: shop-?')),
  good('generate', rule('generate: { password: { length: 32, charset: hex }, "*": { length: 4096 } }')),
  good('own characters', rule('generate: { pin: { length: 4, characters: "0123456789" } }')),
  good('ages', rule('maxAge: { password: 90d, token: 12w, "*_KEY": 1y }')),
  good('a schema above', rule('schema: ../shop.cfgu.json')),
  good('allowed findings', rule('allow: [value-newline, schema-key]')),
  good('one allowed finding', rule('allow: value-newline')),
  good('quoted keys', `"rules":\n  - "match": "**"\n`),
  good('JSON', `{"recipients": {}, "rules": [{"match": "**"}]}`),

  bad('no rules at all', 'recipients: {}', 'the field `rules` is missing'),
  bad('a list', '- rules', 'must be a mapping'),
  bad('rules that are no list', 'rules: { match: "**" }', 'must be a list'),
  bad('an unknown root field', 'rules: []\nrule: []', 'unknown field; did you mean `rules`?'),
  bad('an unknown field of a rule', rule('recipient: prod'), 'unknown field; did you mean `recipients`?'),
  bad('another case', rule('maxage: { a: 1d }'), 'unknown field; did you mean `maxAge`?'),
  bad('no match', `${HEAD}  - scope: strict\n`, 'the field `match` is missing'),
  bad('no patterns', 'rules:\n  - match: []\n', 'must not be empty'),
  bad('an empty pattern', 'rules:\n  - match: ""\n', 'must not be empty'),
  bad('a pattern from the root', 'rules:\n  - match: /apps/**\n', 'is no pattern'),
  bad('a pattern from here', 'rules:\n  - match: ./apps/**\n', 'is no pattern'),
  bad('a pattern from above', 'rules:\n  - match: ../apps/**\n', 'is no pattern'),
  bad('a negated pattern', 'rules:\n  - match: "!apps/**"\n', 'is no pattern'),
  bad('backslashes', "rules:\n  - match: 'apps\\**'\n", 'holds a `\\`'),
  bad('a long pattern', `rules:\n  - match: "${'a'.repeat(301)}"\n`, 'longer than 300'),
  worse('many wildcards', `rules:\n  - match: "${'*a'.repeat(9)}"\n`, 'more than 8 wildcards'),
  bad('a number as a pattern', 'rules:\n  - match: 12\n', 'put it in quotes'),
  bad('no recipients', rule('recipients: []'), 'must not be empty'),
  worse('an unknown recipient', rule('recipients: prd'), 'no recipient of this policy; did you mean `prod`?'),
  bad('a recipient twice', rule('recipients: [prod, prod]'), 'stands twice'),
  bad('an unknown scope', rule('scope: Strict'), 'no scope; did you mean `strict`?'),
  bad('no types', rule('types: []'), 'must not be empty'),
  bad('a mapping of names', rule('name: { a: b }'), 'must be a text'),
  bad('an absolute schema', rule('schema: /etc/a.cfgu.json'), "relative to the policy's folder"),
  bad('a schema on a drive', rule('schema: C:a.cfgu.json'), "relative to the policy's folder"),
  bad('a schema at home', rule('schema: ~/a.cfgu.json'), "relative to the policy's folder"),
  bad('no length', rule('generate: { a: { charset: hex } }'), 'the field `length` is missing'),
  bad('length 0', rule('generate: { a: { length: 0 } }'), 'between 1 and 4096'),
  bad('length 4097', rule('generate: { a: { length: 4097 } }'), 'between 1 and 4096'),
  bad('a length in words', rule('generate: { a: { length: long } }'), 'between 1 and 4096'),
  bad('a length in quotes', rule('generate: { a: { length: "8" } }'), 'between 1 and 4096'),
  bad('an unknown charset', rule('generate: { a: { length: 8, charset: hexx } }'), 'did you mean `hex`?'),
  bad('one character', rule('generate: { a: { length: 8, characters: "1" } }'), 'at least two different'),
  worse('the same twice', rule('generate: { a: { length: 8, characters: "11" } }'), 'at least two different'),
  bad('not ASCII', rule('generate: { a: { length: 8, characters: "äö" } }'), 'printable ASCII'),
  bad('both', rule('generate: { a: { length: 8, charset: hex, characters: "12" } }'), 'excludes `charset`'),
  bad('an unknown field of generate', rule('generate: { a: { lenght: 8 } }'), 'did you mean `length`?'),
  bad('an age without unit', rule('maxAge: { a: 90 }'), 'is not an age'),
  bad('an age of nothing', rule('maxAge: { a: 0d }'), 'is not an age'),
  bad('an age in months', rule('maxAge: { a: 3m }'), 'is not an age'),
  bad('one age for all', rule('maxAge: 90d'), 'must be a mapping'),
  bad('an unknown code', rule('allow: value-newlin'), 'did you mean `value-newline`?'),
  bad('a code of the policy', rule('allow: [policy-scope]'), 'that can be allowed'),
  bad('a broken schema', rule('allow: [schema-malformed]'), 'that can be allowed'),
  bad('no id', 'recipients: { a: { file: a.yaml } }\nrules: []', 'the field `id` is missing'),
  bad('no file', `recipients: { a: { id: ${ID} } }\nrules: []`, 'the field `file` is missing'),
  bad('a short id', 'recipients: { a: { file: a.yaml, id: wx12 } }\nrules: []', 'is not a key id'),
  bad('an absolute file', `recipients: { a: { file: /a.yaml, id: ${ID} } }\nrules: []`, 'relative'),
  bad('an unknown field', `recipients: { a: { fil: a.yaml, id: ${ID} } }\nrules: []`, 'did you mean `file`?'),
  worse(
    'an id twice',
    `recipients: { a: { file: a, id: ${ID} }, b: { file: b, id: ${ID} } }\nrules: []`,
    'has the same id as a',
  ),
  worse('a bare key that some read as a boolean', rule('maxAge: { y: 1d }'), 'the key must be quoted'),
]
