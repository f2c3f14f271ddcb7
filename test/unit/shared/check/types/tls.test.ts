import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findingsOf, fixtures } from '../samples.ts'
import { tlsSamples } from './tls-samples.ts'

test.each(tlsSamples(join(fixtures, 'tls')))('$what', (sample) => {
  expect(findingsOf(sample)).toEqual(sample.found)
})
