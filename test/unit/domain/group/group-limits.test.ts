import { expect, test } from 'vitest';
import type { ContainerGroup, GroupIn } from '../../../../src/domain/group/container-group.ts';
import { lastHeartbeatAt, passedLimit } from '../../../../src/domain/group/group-limits.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { BORN, creating, failed, marked, running } from './group-fixture.ts';

/** Two beats may be missing of one every ten seconds; the first is not missed for half a minute. */
const health = { heartbeatSeconds: 10, failureThreshold: 2, initialDelaySeconds: 30 };
const watched: GroupIn<'Running'> = { ...running, health };
const idle: GroupIn<'Running'> = { ...running, idleSeconds: 60, idleSince: BORN };
const mortal: GroupIn<'Running'> = { ...running, maxLifetimeSeconds: 60 };
const heard = (afterMs: number) => ({ at: addMs(BORN, afterMs), source: 'server' as const });
const counted = (afterMs: number) => ({ at: addMs(BORN, afterMs), source: 'matchmaker' as const });

const rows: { says: string; group: ContainerGroup; afterMs: number; limit?: string }[] = [
  { says: 'without wishes runs for ever', group: running, afterMs: 1e12 },
  { says: 'runs as long as it may live', group: mortal, afterMs: 60_000 },
  { says: 'goes when it has lived for so long', group: mortal, afterMs: 60_001, limit: 'maxLifetime' },
  {
    says: 'is as old as its creation, not as its state',
    group: { ...mortal, stateSince: addMs(BORN, 60_000) },
    afterMs: 60_001,
    limit: 'maxLifetime',
  },
  { says: 'may lie idle for a while', group: idle, afterMs: 60_000 },
  { says: 'goes when it has lain idle for longer', group: idle, afterMs: 60_001, limit: 'idle' },
  { says: 'is not idle while somebody plays', group: { ...running, idleSeconds: 60 }, afterMs: 1e12 },
  { says: 'is not idle with players, whatever else is written', group: { ...idle, activeSessions: 1 }, afterMs: 1e12 },
  { says: 'is given time to report at first', group: watched, afterMs: 50_000 },
  { says: 'is silent when it never reported', group: watched, afterMs: 50_001, limit: 'silence' },
  { says: 'may miss two beats', group: { ...watched, lastReport: heard(60_000) }, afterMs: 80_000 },
  {
    says: 'is silent when it misses a third',
    group: { ...watched, lastReport: heard(60_000) },
    afterMs: 80_001,
    limit: 'silence',
  },
  {
    says: 'is silent however often a matchmaker counts on it',
    group: { ...watched, lastReport: { ...counted(80_000), otherStream: heard(60_000) } },
    afterMs: 80_001,
    limit: 'silence',
  },
  { says: 'that is being created has no limit', group: { ...creating, ...health, health }, afterMs: 1e12 },
  { says: 'that is marked has no limit', group: { ...marked, health, maxLifetimeSeconds: 60 }, afterMs: 1e12 },
  { says: 'that failed has no limit', group: { ...failed, health, maxLifetimeSeconds: 60 }, afterMs: 1e12 },
];

test.each(rows)('a group that $says', ({ group, afterMs, limit }) => {
  expect(passedLimit(group, addMs(BORN, afterMs))).toBe(limit);
});

test('only the word of the server itself is a heartbeat', () => {
  expect(lastHeartbeatAt(undefined)).toBeUndefined();
  expect(lastHeartbeatAt({ at: BORN })).toBeUndefined();
  expect(lastHeartbeatAt(counted(0))).toBeUndefined();
  expect(lastHeartbeatAt(heard(0))).toBe(BORN);
  expect(lastHeartbeatAt({ ...counted(5), otherStream: heard(0) })).toBe(BORN);
});
