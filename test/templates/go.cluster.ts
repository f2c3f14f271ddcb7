import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError } from '../../shared/errors.ts'
import { isPrint } from '../../shared/resource/template/format/quote.ts'
import { lower, upper } from '../../shared/resource/template/functions/letters.ts'
import { REFUSED } from '../../shared/resource/template/functions/refused.ts'
import { FUNCTIONS } from '../../shared/resource/template/functions/table.ts'
import { encodeRune, runeAt } from '../../shared/resource/template/text.ts'
import { base64, ours, readTable, recorded, tablePath } from './cases.ts'
import { generated } from './grammar.ts'
import { askGo, goFunctions, goLetters } from './program.ts'

const GENERATED = 5_000
const SEED = Number(process.env.TEMPLATES_SEED ?? Date.now() % 1_000_000_007)

test('the recorded answers are those of Go', async () => {
  const table = readTable()
  const answers = await askGo(table.cases.map(({ template }) => ({ template, data: table.data })))
  const cases = table.cases.map(({ template, refused }, i) => ({
    template,
    ...recorded(answers[i] ?? {}),
    ...(refused ? { refused } : {}),
  }))
  // After a change of the table or of Go's version; what ours refuses is marked by hand.
  if (process.env.UPDATE_TEMPLATES)
    writeFileSync(tablePath, `${JSON.stringify({ ...table, cases }, null, 2)}\n`)
  else expect(table.cases).toEqual(cases)
})

/** Where ours is stricter (docs/templates.md, "Stricter than Go"): Go writes something, ours says one of these. */
const STRICTER =
  /nothing to print|is not there|does not suit|without a verb|more (verbs|arguments) than|is not base64|is no number|is not JSON|number that is too large|the list is empty/

test('generated templates give what Go gives, or are refused', async () => {
  console.log(`templates: seed ${SEED} (TEMPLATES_SEED)`)
  const cases = fc.sample(generated, { numRuns: GENERATED, seed: SEED })
  const answers = await askGo(cases)
  const count = { same: 0, refusedByBoth: 0, refusedByOurs: 0 }
  const differences = cases.flatMap(({ template, data }, i) => {
    const go = answers[i] ?? {}
    const result = ours(template, data)
    const refused = result instanceof SealError
    if (refused && go.output === undefined) count.refusedByBoth += 1
    else if (refused && STRICTER.test(result.message)) count.refusedByOurs += 1
    else if (!refused && base64(result) === go.output) count.same += 1
    else return [{ template, data, go, ours: refused ? result.message : base64(result) }]
    return []
  })
  console.log(`templates: ${JSON.stringify(count)}`)
  expect(differences.slice(0, 5)).toEqual([])
  expect(count.same).toBeGreaterThan(GENERATED / 4)
})

test('every function of Go and sprig is in one table, supported or refused', async () => {
  const known = [...FUNCTIONS.keys(), ...Object.values(REFUSED).flat()].sort()
  expect(known).toEqual((await goFunctions()).sort())
})

test('upper, lower and what prints are as in Go for every character that Go knows', async () => {
  const letters = await goLetters()
  const known = new Set(letters.map(([rune]) => rune))
  // The runtime may know a newer Unicode: a letter of old that has a capital only since then.
  const same = (text: string, rune: number) => text === encodeRune(rune) || !known.has(runeAt(text, 0))
  expect(letters.length).toBeGreaterThan(140_000)
  const wrong = letters.filter(([rune, large, small]) => {
    const text = encodeRune(rune)
    return !same(upper(text), large) || !same(lower(text), small) || !isPrint(rune)
  })
  expect(wrong).toEqual([])
})
