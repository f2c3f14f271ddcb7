import { expect, test } from 'vitest'
import { isNetwork, limitedTogether } from '../../../controller/http/addresses.ts'
import { createBuckets } from '../../../controller/http/buckets.ts'

let now = 0
const make = (most = 10) => createBuckets({ burst: 3, perSecond: 2, most, clock: () => now })

test('so much at once, and so much a second after that', () => {
  const buckets = make()
  expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 0])
  expect(buckets.take('a')).toBe(500)
  expect(buckets.take('b')).toBe(0)
  now += 499
  expect(buckets.wait('a')).toBeCloseTo(1)
  now += 1
  expect([buckets.wait('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 500])
  now += 1e6
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 500])
})

test('what was charged beyond what is there has to be waited for', () => {
  const buckets = make()
  buckets.charge('a', 13)
  expect(buckets.take('a')).toBe(5_500)
  now += 5_500
  expect(buckets.take('a')).toBe(0)
})

test('it remembers so many, and forgets those that were not seen for longest', () => {
  const buckets = make(2)
  for (const key of ['a', 'b', 'a', 'a', 'c']) buckets.take(key)
  expect([buckets.wait('a'), buckets.wait('b')]).toEqual([500, 0])
  for (const key of ['d', 'e']) buckets.take(key)
  expect(buckets.wait('a')).toBe(0)
})

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0db8:0000:0000:ffff::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, ''],
])('%s is limited as %s', (address, key) => {
  expect(limitedTogether(address)).toBe(key)
})

test('networks', () => {
  const good = ['10.0.0.0/8', '1.2.3.4', '::1', 'fd00::/8', '0.0.0.0/0', '::/128']
  const bad = [
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    'a',
    '10.0.0.0/x',
    '300.1.1.1',
    'loopback',
  ]
  expect(good.filter((text) => !isNetwork(text))).toEqual([])
  expect(bad.filter(isNetwork)).toEqual([])
})
