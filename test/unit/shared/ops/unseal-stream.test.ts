import { describe, expect, test } from 'vitest'
import { unsealStream } from '../../../../shared/ops/unseal-stream.ts'
import { secretText } from './secrets.ts'
import { keysOf, prod, recovery, sealText } from './streams.ts'

const good = await sealText(secretText('stringData: { a: x }'))
const open = async (text: string, keys = keysOf(prod)) => {
  const { documents, opened, findings } = await unsealStream('f', text, keys)
  const shown = findings.map(({ code, line, column }) => `${code} ${line}:${column}`)
  return { documents: documents.length, opened, findings: shown }
}

test('every SealedSecret, other documents beside them', async () => {
  expect(await open(`a: b\n---\n${good}---\n${good}`)).toEqual({ documents: 3, opened: 2, findings: [] })
})

describe('all or nothing', () => {
  test.each([
    ['another name', good.replace('name: db', 'name: dc'), 'moved 10:7'],
    ['another scope', good.replace('scope: strict', 'scope: cluster'), 'moved 10:7'],
    ['no scope', good.replace('  scope: strict\n', ''), 'malformed 7:3'],
    ['another suite', good.replace('xwing-xsalsa20poly1305', 'rot13'), 'unknown-suite 9:7'],
    ['no YAML', good.replace('spec:', 'spec: "'), 'yaml-syntax 21:1'],
  ])('%s in the midst of others', async (_what, bad, expected) => {
    const at = expected.replace(/(\d+):/, (_, line) => `${Number(line) + good.split('\n').length}:`)
    const { findings, ...result } = await open(`${good}---\n${bad}---\n${good}`)
    expect(result).toEqual({ documents: 0, opened: 0 })
    expect(findings).toHaveLength(1)
    expect(findings[0]?.split(' ')[0]).toBe(at.split(' ')[0])
  })
})

test('what is wrong in each of the documents is told', async () => {
  const moved = good.replace('name: db', 'name: dc')
  expect(
    (await open(`${moved}---\n${good.replace('strict', 'world')}`)).findings.map((f) => f.split(' ')[0]),
  ).toEqual(['moved', 'malformed'])
})

test('without a key of the recipients', async () => {
  expect(await open(good, keysOf(recovery))).toMatchObject({
    documents: 0,
    findings: [expect.stringMatching(/^no-key /)],
  })
})

test.each(['', 'a: b\n', secretText('data: {}'), 'kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\n'])(
  'nothing to open: %j',
  async (text) => {
    const { findings } = await unsealStream('f', text, keysOf(prod))
    expect(findings).toEqual([{ code: 'sealed-kind', severity: 'fail', file: 'f', args: {} }])
  },
)
