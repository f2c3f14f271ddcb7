import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sentence } from '../../../../cli/render/words.ts'
import { canary, expectNoCanary } from '../../../support/canary.ts'
import { plan } from './secrets.ts'

const one = canary()
const value = one.text.replace(/".*$/s, '')

/** Values in every way that YAML has to write them. */
const manifest = `apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
type: Opaque
data:
  encoded: ${Buffer.from(value).toString('base64')}
  plain: ${value}
stringData:
  quoted: "${value}"
  single: '${value}'
  anchor: &a ${value}
  alias: *a
  block: |
    ${value}
    ${value}: ${value}
  flow: { a: "${value}" }
  list: [${value}]
  tagged: !!str ${value}
# ${value}
`

const edits = fc.constantFrom(
  '',
  ':',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  '\n',
  '\n  ',
  '\t',
  '&',
  '*',
  '!',
  '#',
  '- ',
  '%',
  '\u0000',
  '\\',
)

test('no finding about a damaged manifest holds a value', () => {
  let refused = 0
  fc.assert(
    fc.property(fc.nat(manifest.length), fc.nat(3), edits, (at, removed, put) => {
      const text = manifest.slice(0, at) + put + manifest.slice(at + removed)
      const { findings } = plan(text)
      refused += findings.length > 0 ? 1 : 0
      expectNoCanary(
        findings.map((finding) => `${sentence(finding)} ${JSON.stringify(finding)}`).join('\n'),
        'a finding',
        [one],
      )
    }),
    { numRuns: 2000 },
  )
  expect(refused).toBeGreaterThan(1900)
})
