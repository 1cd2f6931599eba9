import { expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { isOverdue, isSlow, liesStill } from '../../../../src/domain/group/slow-creation.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN, creating, failed, marked, running } from './group-fixture.ts';

const MINUTE_MS = 60_000;
const DEADLINE_MS = 30 * MINUTE_MS;
const dated: ContainerGroup = { ...creating, deadlineAt: addMs(BORN, 10 * MINUTE_MS) };
const pace = { pollIntervalMs: 10_000, provisioningDeadlineMs: DEADLINE_MS };

test.each<{ says: string; group: ContainerGroup; afterMs: number; overdue: boolean }>([
  { says: 'at its deadline', group: dated, afterMs: 10 * MINUTE_MS, overdue: false },
  { says: 'past its deadline', group: dated, afterMs: 10 * MINUTE_MS + 1, overdue: true },
  { says: 'of 0.1.0 at the configured deadline', group: creating, afterMs: DEADLINE_MS, overdue: false },
  { says: 'of 0.1.0 past the configured deadline', group: creating, afterMs: DEADLINE_MS + 1, overdue: true },
  { says: 'that runs', group: running, afterMs: 2 * DEADLINE_MS, overdue: false },
  { says: 'that is marked', group: marked, afterMs: 2 * DEADLINE_MS, overdue: false },
  { says: 'that failed', group: failed, afterMs: 2 * DEADLINE_MS, overdue: false },
])('a group $says is overdue: $overdue', ({ group, afterMs, overdue }) => {
  expect(isOverdue(group, addMs(BORN, afterMs), DEADLINE_MS)).toBe(overdue);
});

test.each<{ says: string; group: ContainerGroup; afterMs: number; slow: boolean }>([
  { says: 'should have looked at Azure by now', group: creating, afterMs: 3 * MINUTE_MS + 1, slow: true },
  { says: 'may still be waiting for its poll', group: creating, afterMs: 3 * MINUTE_MS, slow: false },
  { says: 'has a deadline before its second poll', group: { ...creating, deadlineAt: BORN }, afterMs: 1, slow: true },
  { says: 'runs', group: running, afterMs: DEADLINE_MS + 1, slow: false },
])('a group that $says is slow: $slow', ({ group, afterMs, slow }) => {
  expect(isSlow(group, addMs(BORN, afterMs), pace)).toBe(slow);
});

test('a provisioning lies still when its longest wait and a redelivery are over', () => {
  expect(liesStill(BORN, addMs(BORN, 60_000 + 120_000), 10_000)).toBe(false);
  expect(liesStill(BORN, addMs(BORN, 60_000 + 120_001), 10_000)).toBe(true);
});
