import { defineConfig } from 'vitest/config';

// Projects that start the app or processes run one file at a time: the machine's cores are few, and a busy one makes real
// polls slow without telling us anything.
const inOwnProcess = { pool: 'forks', isolate: true, fileParallelism: false } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'property', include: ['test/property/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 60_000, ...inOwnProcess },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 120_000,
          ...inOwnProcess,
        },
      },
      { test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], testTimeout: 120_000, ...inOwnProcess } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 180_000, ...inOwnProcess } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/domain/**', 'src/security/**'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
