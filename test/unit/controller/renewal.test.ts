import { describe, expect, test } from 'vitest'
import { keyLifetimeMs, renewalDue } from '../../../controller/keys/renewal.ts'

const NOW = Date.parse('2026-11-24T00:00:00Z')
const HOUR = 3_600_000
const key = (notBefore: string, state: 'active' | 'retired' = 'active') => ({
  state,
  public: { id: '', holder: '', publicKey: new Uint8Array(), notBefore, notAfter: notBefore },
})
const at = (text: string) => Date.parse(text)

describe('a new key is due', () => {
  test.each([
    ['at once without any', [], { everyMs: 0 }, NOW],
    ['at once where all are retired', [key('2026-11-23T00:00:00Z', 'retired')], { everyMs: 0 }, NOW],
    ['never when that is turned off', [key('2000-01-01T00:00:00Z')], { everyMs: 0 }, undefined],
    [
      'by the age of the newest',
      [key('2026-11-23T00:00:00Z'), key('2020-01-01T00:00:00Z')],
      { everyMs: 48 * HOUR },
      at('2026-11-25T00:00:00Z'),
    ],
    [
      'whatever is retired',
      [key('2026-11-22T00:00:00Z'), key('2026-11-23T00:00:00Z', 'retired')],
      { everyMs: 24 * HOUR },
      at('2026-11-23T00:00:00Z'),
    ],
    [
      'at the cutoff for one from before it',
      [key('2026-11-23T00:00:00Z')],
      { everyMs: 0, cutoff: NOW - HOUR },
      NOW - HOUR,
    ],
    [
      'at a cutoff to come, not sooner',
      [key('2026-11-23T00:00:00Z')],
      { everyMs: 0, cutoff: NOW + HOUR },
      NOW + HOUR,
    ],
    [
      'by whichever comes first',
      [key('2026-11-23T00:00:00Z')],
      { everyMs: 25 * HOUR, cutoff: NOW + 2 * HOUR },
      NOW + HOUR,
    ],
    [
      'not by a cutoff for one from after it',
      [key('2026-11-23T00:00:00Z')],
      { everyMs: 0, cutoff: at('2026-11-23T00:00:00Z') },
      undefined,
    ],
    [
      'not by a cutoff within the very second',
      [key('2026-11-23T00:00:00Z')],
      { everyMs: 0, cutoff: at('2026-11-23T00:00:00.900Z') },
      undefined,
    ],
    [
      'not for a clock that is a little ahead',
      [key('2026-11-24T00:30:00Z')],
      { everyMs: HOUR },
      at('2026-11-24T01:30:00Z'),
    ],
    [
      'at once where a wrong clock has dated the only one',
      [key('2099-01-01T00:00:00Z')],
      { everyMs: HOUR },
      NOW,
    ],
  ] as const)('%s', (_what, keys, renewal, expected) => {
    expect(renewalDue([...keys], renewal, NOW)).toBe(expected)
  })

  test('and lasts until the next, or for long', () => {
    expect(keyLifetimeMs({ everyMs: HOUR })).toBe(HOUR)
    expect(keyLifetimeMs({ everyMs: 0 })).toBe(3650 * 24 * HOUR)
  })
})
