import { expect, test } from 'vitest';
import { decideRestart } from '../../../../../../local/arm/groups/lifecycle/restart-decision.ts';

const MINUTE_MS = 60_000;

test.each([
  { restartPolicy: 'Always', exitCode: 0, restarts: true },
  { restartPolicy: 'Always', exitCode: 1, restarts: true },
  { restartPolicy: 'OnFailure', exitCode: 0, restarts: false },
  { restartPolicy: 'OnFailure', exitCode: 137, restarts: true },
  { restartPolicy: 'Never', exitCode: 0, restarts: false },
  { restartPolicy: 'Never', exitCode: 1, restarts: false },
])('with $restartPolicy and exit code $exitCode it restarts: $restarts', ({ restarts, ...end }) => {
  expect(decideRestart({ ...end, ranMs: 0, shortRuns: 0 }) !== undefined).toBe(restarts);
});

test.each([
  { says: 'the first short run', ranMs: 1_000, shortRuns: 0, backOffMs: 10_000, after: 1 },
  { says: 'the fourth in a row', ranMs: 1_000, shortRuns: 3, backOffMs: 80_000, after: 4 },
  { says: 'one of many', ranMs: 1_000, shortRuns: 40, backOffMs: 300_000, after: 41 },
  { says: 'not quite ten minutes', ranMs: 10 * MINUTE_MS - 1, shortRuns: 3, backOffMs: 80_000, after: 4 },
  { says: 'ten minutes after many short ones', ranMs: 10 * MINUTE_MS, shortRuns: 40, backOffMs: 10_000, after: 1 },
])('the back-off after $says is $backOffMs ms', ({ ranMs, shortRuns, backOffMs, after }) => {
  const decision = decideRestart({ restartPolicy: 'Always', exitCode: 1, ranMs, shortRuns });
  expect(decision).toEqual({ backOffMs, shortRuns: after });
});
