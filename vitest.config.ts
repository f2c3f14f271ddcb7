import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// These change modules that others load, or what a process keeps, so they get a process each.
const APART = ['test/unit/shared/check/check-secret.test.ts', 'test/unit/support/canary.test.ts']

/** Files that mostly wait, for times that are a part of what they test. */
const WAITS = /\/test\/(contract\/|unit\/controller\/(run|posts-limits|http|at-rest)\b)/

/** They are small, and would come last, one after the other; this way there is something to compute beside each. */
class WaitersEarly extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const waiting = sorted.filter(({ moduleId }) => WAITS.test(moduleId))
    const others = sorted.filter((file) => !waiting.includes(file))
    return [
      ...waiting.flatMap((file, i) => [file, ...others.slice(i, i + 1)]),
      ...others.slice(waiting.length),
    ]
  }
}

// Files ending in .test.ts need Node alone; files ending in .cluster.ts need the real control plane.
export default defineConfig({
  test: {
    // Vitest leaves a core free, which is half of a machine with two; and two of the files, on average, wait.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: WaitersEarly },
    projects: [
      { test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        test: {
          name: 'unit',
          globalSetup: 'test/support/leftovers.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/architecture.test.ts', ...APART],
          // A process and all its imports anew for each of so many files would be a sixth of the run.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      { test: { name: 'apart', include: APART, testTimeout: 30_000 } },
      { test: { name: 'fuzz', include: ['test/fuzz/*.fuzz.ts'], testTimeout: 900_000 } },
      {
        test: { name: 'native', include: ['test/native/*.native.ts'] },
      },
      {
        test: {
          name: 'cluster',
          globalSetup: 'test/support/leftovers.ts',
          include: ['test/**/*.cluster.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
