import { readFileSync } from 'node:fs'

/** A file of test/vectors. Its shape is the publisher's, so the caller states it. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')) as T
}

export interface Wycheproof<Test> {
  testGroups: {
    tests: (Test & { tcId: number; comment?: string; result: 'valid' | 'invalid' | 'acceptable' })[]
  }[]
}

/** All cases of a Wycheproof file, in one list. */
export const wycheproof = <Test>(name: string) =>
  vectors<Wycheproof<Test>>(name).testGroups.flatMap(({ tests }) => tests)
