import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SealError } from '../../shared/errors.ts'
import { readArchive } from '../../shared/keys/backup/archive.ts'
import type { KeptSecret } from '../../shared/keys/backup/contents.ts'
import { openByKeys, openByPassphrase } from '../../shared/keys/backup/seal.ts'
import { archiveOf, keptKey, quickStretch } from '../support/backups.ts'
import { namedKey } from '../support/keys.ts'
import { asKeys } from '../support/objects.ts'

const [prod, recovery] = await Promise.all(['prod', 'recovery'].map((name) => namedKey(name)))
if (!prod || !recovery) throw new Error('keys')
const PASSPHRASE = 'correct horse battery staple'
const keys = { namespace: 'waxwing-system', secrets: [keptKey(prod, 'waxwing-key-1')] }
const text = await archiveOf(keys, { passphrase: PASSPHRASE, recipients: [recovery.key] })

const codeOf = (other: string): string => {
  try {
    readArchive(other)
    return 'whole'
  } catch (error) {
    return error instanceof SealError ? error.code : 'a fault'
  }
}
const HEAD = text.indexOf('spec:')

describe('an archive', () => {
  test('that is cut anywhere is told from one with a wrong passphrase, without any key', () => {
    const codes = Array.from({ length: text.length }, (_, length) => codeOf(text.slice(0, length)))
    expect(new Set(codes)).toEqual(new Set(['backup-damaged']))
  })

  test('of which any one bit is another is refused, before a key is used', () => {
    for (let i = 0; i < text.length; i++) {
      const bit = 1 << (i % 7)
      const other = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ bit) + text.slice(i + 1)
      expect(codeOf(other), `bit ${i % 7} of character ${i}`).toMatch(
        i < HEAD ? /^backup-(format|damaged)$/ : /^backup-damaged$/,
      )
    }
  })

  test('from which a piece is missing, or in which one stands twice, is refused', () => {
    const at = fc.integer({ min: 0, max: text.length })
    fc.assert(
      fc.property(at, at, at, (a, b, c) => {
        const [from = 0, to = 0] = [a, b].sort((x, y) => x - y)
        const without = text.slice(0, from) + text.slice(to)
        const twice = text.slice(0, c) + text.slice(from, to) + text.slice(c)
        for (const other of [without, twice]) if (other !== text) expect(codeOf(other)).not.toBe('whole')
      }),
      { numRuns: 2_000 },
    )
  })

  test('gives back any Secret of a key, byte for byte, to each who may open it', async () => {
    const names = fc.stringMatching(/^[-._a-zA-Z0-9]{1,20}$/)
    const maps = fc.dictionary(fc.oneof(names, fc.constant('__proto__')), fc.string())
    const secret = fc.record({ name: names, labels: maps, annotations: maps, data: maps })
    await fc.assert(
      fc.asyncProperty(
        fc.array(secret, { maxLength: 5 }),
        names,
        fc.integer(),
        async (list, namespace, seed) => {
          const secrets = list.map(
            (one): KeptSecret => ({
              name: one.name,
              type: 'waxwing.dev/sealing-key',
              labels: { ...one.labels, 'waxwing.dev/sealing-key': 'active' },
              annotations: one.annotations,
              data: one.data,
            }),
          )
          const locks = { passphrase: PASSPHRASE, recipients: [recovery.key] }
          const archive = readArchive(await archiveOf({ namespace, secrets }, locks, seed))
          const opened = [
            await openByPassphrase(archive, PASSPHRASE, quickStretch),
            await openByKeys(archive, asKeys(recovery.opened)),
          ]
          for (const one of opened) expect(JSON.stringify(one)).toBe(JSON.stringify({ namespace, secrets }))
        },
      ),
      { numRuns: 60 },
    )
  })
})
