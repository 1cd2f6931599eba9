import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Ten names, lost answers, a hanging deletion and a kill in two virtual hours: what `npm run campaign -- --help` calls short. */
const SEED = 27;

// In a process of its own: a campaign loads copies of the app, and counts the patience of Azure's libraries by its own clock.
test('every promise is kept in two virtual hours of faults, kills and random clients', async () => {
  const options = ['--runs', '1', '--short', '--seed', String(SEED), '--workers', '1'];
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'main.ts'), ...options]);
  expect(stdout).toMatch(/^1 runs in .*: every promise was kept$/m);
});
