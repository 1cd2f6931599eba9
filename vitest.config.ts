import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { TEST_PATIENCE_MS, WAIT_PATIENCE_MS } from './test/patience.ts';
import { WaitingBesideWorking } from './test/waiting-beside-working.ts';

const patience = {
  testTimeout: TEST_PATIENCE_MS,
  hookTimeout: TEST_PATIENCE_MS,
  expect: { poll: { timeout: WAIT_PATIENCE_MS } },
};

/** These leave nothing behind in their process, so that files share one and load what they test once. */
const shared = { ...patience, isolate: false };

/** These replace the clock, certificates and settings of their process, or count what it holds: each file has one of its own. */
const inOwnProcess = { ...patience, pool: 'forks', isolate: true, setupFiles: 'test/print-seed.ts' } as const;

/** They count what their process holds, or stand in for the core module, which a process gets once. */
const alone = ['many-groups', 'orchestrator-versions', 'schema-versions'].map(
  (name) => `test/integration/${name}.test.ts`,
);

/** The processes that tests start strip and compile what they load once for all of them, as those of `npm start` do. */
const compileCache = join(import.meta.dirname, 'node_modules/.cache/node-compile-cache');

/** Two of them may wait for processes, for ARM or for a clock while the others keep the cores busy. */
const maxWorkers = availableParallelism() + 2;

export default defineConfig({
  test: {
    maxWorkers,
    sequence: { sequencer: WaitingBesideWorking },
    env: { NODE_COMPILE_CACHE: compileCache },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...shared } },
      { test: { name: 'histories', include: ['test/histories/**/*.test.ts'], ...inOwnProcess } },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          ...shared,
          setupFiles: 'test/seed-properties.ts',
        },
      },
      {
        test: {
          name: 'conformance-durable',
          include: ['test/conformance/durable/**/*.test.ts'],
          ...shared,
          pool: 'forks',
          setupFiles: 'test/print-seed.ts',
        },
      },
      {
        // They have one managed identity in a process, which MSAL never forgets: that of the first file.
        test: { name: 'conformance-arm', include: ['test/conformance/arm/**/*.test.ts'], ...shared, pool: 'forks' },
      },
      { test: { name: 'conformance-host', include: ['test/conformance/host/**/*.test.ts'], ...inOwnProcess } },
      {
        // Each file starts the app and all around it anew; compiled code is what it has from the files before it.
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: alone,
          ...shared,
          pool: 'forks',
          setupFiles: 'test/print-seed.ts',
        },
      },
      { test: { name: 'integration-alone', include: alone, ...inOwnProcess } },
      { test: { name: 'campaign', include: ['test/campaign/**/*.test.ts'], ...inOwnProcess } },
      { test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], ...inOwnProcess } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...inOwnProcess } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/domain/**', 'src/security/**'],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
