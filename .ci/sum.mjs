// Adds up the suites' reports and prints the closing line; a suite without a report, or a step that failed, counts as failed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [stepFailed, ...rest] = process.argv.slice(2)
const folder = rest.pop()
let passed = 0
let failed = 0

for (const name of rest) {
  const json = join(folder, `${name}.json`)
  const xml = join(folder, `${name}.xml`)
  const counts = existsSync(json)
    ? fromVitest(json)
    : existsSync(xml)
      ? fromJunit(xml)
      : { passed: 0, failed: 1 }
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed`)
  passed += counts.passed
  failed += counts.failed
}
if (stepFailed !== '0' && failed === 0) failed = 1
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function fromVitest(file) {
  const { numPassedTests, numTotalTests, numFailedTestSuites } = JSON.parse(readFileSync(file, 'utf8'))
  // Skipped tests count as failed: nothing here is meant to be skipped.
  return {
    passed: numPassedTests,
    failed: Math.max(numTotalTests - numPassedTests, numFailedTestSuites > 0 ? 1 : 0),
  }
}

function fromJunit(file) {
  const [, tests, failures] =
    /<testsuites[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"/.exec(readFileSync(file, 'utf8')) ?? []
  if (tests === undefined) return { passed: 0, failed: 1 }
  return { passed: Number(tests) - Number(failures), failed: Number(failures) }
}
