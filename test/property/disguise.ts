/** Ways in which people write what `seal` has written, each of them the same object. */

type Choose = (limit: number) => number

export function disguise(yaml: string, object: unknown, choose: Choose): string {
  const text = choose(3) === 0 ? asJson(object, choose) : asYaml(yaml, choose)
  const eol = choose(4) === 0 ? '\r\n' : '\n'
  const stream = inStream(text, choose)
  const ended = choose(4) === 0 ? stream.replace(/\n+$/, '') : stream
  return (choose(8) === 0 ? '\uFEFF' : '') + ended.replaceAll('\n', eol)
}

const asJson = (object: unknown, choose: Choose): string =>
  `${JSON.stringify(object, null, ['', '  ', '    ', '\t'][choose(4)])}\n`

const EDITS: readonly ((text: string, choose: Choose) => string)[] = [
  (text) => text.replace('spec:\n', '# all of it\nspec:   # here\n'),
  (text) => text.replace(/^( {2}data:)$/m, '$1   # values\n    # below'),
  (text) => text.replace(/^( {4})"(user|password)": (.*)$/gm, "$1'$2':   $3 # mine"),
  (text) => text.replace(/^( {4})"(user)": "(.*)"$/gm, '$1$2: >-\n        $3\n'),
  (text) => text.replace(/^( {4}"password":) /gm, '$1\n       '),
  (text) =>
    text
      .replace('  labels:\n    app: shop\n', '  labels: &l { app: shop }\n  annotations: { other: *n }\n')
      .replace('name: db', 'name: &n db'),
  // Dashes at the column of their key.
  (text) =>
    text.replace(
      /( {2}envelopes:\n)([\s\S]*?)(?= {2}data:)/,
      (_, head: string, items: string) => head + items.replace(/^ {2}/gm, ''),
    ),
  (text) => text.replace(/^( {6}suite: )"(.*)"$/gm, '$1$2'),
  (text) => text.replace(/^( {10}kem: )"(.*)"$/gm, '$1|-\n            $2'),
  (text) => `${text}\n# the end\n`,
  (text) =>
    text.replace(
      /( {2}data:)\n((?: {4}".*\n)+)$/,
      (_, head: string, lines: string) => `${head} {${lines.trim().replaceAll('\n', ',\n')} }\n`,
    ),
]

function asYaml(text: string, choose: Choose): string {
  return EDITS.reduce((made, edit) => (choose(3) === 0 ? edit(made, choose) : made), text)
}

function inStream(text: string, choose: Choose): string {
  const others = ['a: [1,\n  2]\n', '{{ if not yaml }}\n', '# only a comment\nb:   |\n   text\n']
  const before = choose(3) === 0 ? `${others[choose(3)]}---\n` : ''
  const after = choose(3) === 0 ? `---\n${others[choose(3)]}` : ''
  return `${before}${text}${after}`
}
