import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readOpensshKey } from '../../../../../shared/check/types/openssh-key.ts'
import { readPem } from '../../../../../shared/check/types/pem.ts'
import { findingsOf, fixtures, reader } from '../samples.ts'
import { sshSamples } from './ssh-samples.ts'

const folder = join(fixtures, 'ssh')

test.each(sshSamples(folder))('$what', (sample) => {
  expect(findingsOf(sample)).toEqual(sample.found)
})

test.each(['ed25519', 'rsa', 'ecdsa'])('%s: cut off anywhere, it is no key', (name) => {
  const [block] = readPem(reader(folder)(name)).blocks
  const der = block?.der ?? new Uint8Array()
  expect(readOpensshKey(der)).toBe('plain')
  for (let length = 0; length < der.length; length++)
    expect(readOpensshKey(der.subarray(0, length)), `${length}`).toBeUndefined()
})
