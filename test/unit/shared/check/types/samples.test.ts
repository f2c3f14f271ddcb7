import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PEM } from '../../../../../shared/check-codes/pem.ts'
import { SSH } from '../../../../../shared/check-codes/ssh.ts'
import { TLS } from '../../../../../shared/check-codes/tls.ts'
import { fixtures } from '../samples.ts'
import { sshSamples } from './ssh-samples.ts'
import { tlsSamples } from './tls-samples.ts'

// The cluster tests make these samples anew with openssl and ssh-keygen, and show them to the tools.

const samples = { tls: tlsSamples(join(fixtures, 'tls')), ssh: sshSamples(join(fixtures, 'ssh')) }
const found = new Set(
  [...samples.tls, ...samples.ssh].flatMap((sample) => sample.found.map((line) => line.split(' ')[1])),
)

/** Needs a runtime without X.509, where none of the samples can be looked at. */
const NO_SAMPLE = ['not-checked']

test('every code about PEM, certificates and SSH keys has a bad sample', () => {
  const codes = Object.keys({ ...PEM, ...TLS, ...SSH }).filter((code) => !NO_SAMPLE.includes(code))
  expect(codes.filter((code) => !found.has(code))).toEqual([])
})

describe.each(Object.entries(samples))('%s', (_type, list) => {
  test('has good samples', () => {
    expect(list.filter(({ found }) => found.length === 0).length).toBeGreaterThan(4)
  })
})
