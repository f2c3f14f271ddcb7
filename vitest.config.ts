import { defineConfig } from 'vitest/config'

// Files ending in .test.ts need Node alone; files ending in .cluster.ts need the real control plane.
export default defineConfig({
  test: {
    // Vitest leaves a core free, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'architecture', include: ['test/architecture.test.ts'] } },
      {
        test: {
          name: 'unit',
          globalSetup: 'test/support/leftovers.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/architecture.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
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
