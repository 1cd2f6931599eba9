import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { OVERDUE_GRACE_MS } from '../../../../src/domain/group/slow-creation.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN, creating } from './group-fixture.ts';

const MINUTE_MS = 60_000;
const DEADLINE_MS = 30 * MINUTE_MS;
const dated: ContainerGroup = { ...creating, deadlineAt: addMs(BORN, 10 * MINUTE_MS) };

describe('a group that sweeps find past its deadline', () => {
  const enforce = (afterMs: number): CommandOf<'enforceDeadline'> => ({
    command: 'enforceDeadline',
    at: addMs(BORN, afterMs),
    incarnation: 'first',
    deadlineMs: DEADLINE_MS,
    cause: 'sweep 7',
  });
  const firstMs = 12 * MINUTE_MS;
  const noted = decide(dated, enforce(firstMs)).group;

  test('is left to its provisioning at first, however late it is', () => {
    const { outcome, group } = decide(dated, enforce(90 * DEADLINE_MS));
    expect(outcome).toBe('changed');
    expect(group).toEqual({ ...dated, overdueSince: addMs(BORN, 90 * DEADLINE_MS) });
  });

  test.each([
    ['the same is delivered again', 0],
    ['another sweep comes within the grace', OVERDUE_GRACE_MS - 1],
    ['an earlier one is delivered late', -MINUTE_MS],
  ])('stays Creating when %s', (_, ms) => {
    expect(decide(noted, enforce(firstMs + ms))).toEqual({ outcome: 'unchanged', group: noted });
  });

  test('is Failed when the grace is over, and keeps nothing of the deadline', () => {
    const { group } = decide(noted, enforce(firstMs + OVERDUE_GRACE_MS));
    expect(group).toMatchObject({
      state: 'Failed',
      failure: { code: 'deadlineExceeded' },
    });
    expect(group?.state === 'Failed' && group.failure.message).toContain(`its deadline, ${addMs(BORN, 600_000)},`);
    expect(group?.timeline.at(-1)).toMatchObject({ event: 'failed', detail: 'deadlineExceeded', cause: 'sweep 7' });
    expect(group).not.toHaveProperty('deadlineAt');
    expect(group).not.toHaveProperty('overdueSince');
  });

  test('can still come to run within the grace', () => {
    const endpoint = { publicIP: '20.0.0.1', ports: [] };
    const { group } = decide(noted, {
      command: 'provisioned',
      at: addMs(BORN, firstMs),
      incarnation: 'first',
      endpoint,
    });
    expect(group?.state).toBe('Running');
    expect(group).not.toHaveProperty('overdueSince');
  });

  test('is left alone before its deadline', () => {
    expect(decide(dated, enforce(1))).toEqual({ outcome: 'unchanged', group: dated });
  });
});
