import fc from 'fast-check';
import type { GroupCommand } from '../../src/domain/group/group-command.ts';

/** How long a report protects a group in these lives. */
export const STALE_AFTER_MS = 60_000;
/** How long a creation that left nothing in Azure is kept in these lives. */
const RETENTION_MS = 30_000;

const incarnation = fc.constantFrom('one', 'two', 'three');
const commandId = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const endpoint = { publicIP: '20.0.0.1', ports: [] };
const failure = { code: 'containersExited', message: 'It ended.' } as const;

type Timeless = GroupCommand extends infer Command
  ? Command extends GroupCommand
    ? Omit<Command, 'at'>
    : never
  : never;

const timeless: fc.Arbitrary<Timeless> = fc.oneof(
  fc.record({ id: incarnation, isDated: fc.boolean() }).map(({ id, isDated }): Timeless => ({
    command: 'create',
    incarnation: id,
    ...(isDated && { deadlineAt: '2026-11-24T10:02:00.000Z' }),
    resourceGroup: 'games',
    containerGroupName: 'game-1',
    location: 'westeurope',
    maxSessions: 8,
    maxLifetimeSeconds: 600,
    idleSeconds: 60,
    health: { heartbeatSeconds: 30, failureThreshold: 2, initialDelaySeconds: 10 },
    labels: { fleet: 'eu' },
    creation: { requestDigest: id },
    tokenDigest: id,
  })),
  fc.record({ incarnation, isBroken: fc.boolean() }).map(({ isBroken, ...facts }): Timeless => ({
    command: 'adopt',
    ...facts,
    resourceGroup: 'games',
    containerGroupName: 'game-1',
    location: 'westeurope',
    tokenDigest: facts.incarnation,
    endpoint,
    ...(isBroken && { failure }),
  })),
  incarnation.map((id): Timeless => ({ command: 'provisioned', incarnation: id, endpoint })),
  incarnation.map((id): Timeless => ({ command: 'failProvisioning', incarnation: id, failure })),
  incarnation.map((id): Timeless => ({ command: 'failProvisioning', incarnation: id, failure, leftNothing: true })),
  fc
    .record({ incarnation, deadlineMs: fc.nat({ max: 60_000 }) })
    .map((facts): Timeless => ({ command: 'enforceDeadline', ...facts })),
  fc
    .record(
      {
        activeSessions: fc.nat({ max: 3 }),
        incarnation,
        sequence: fc.nat({ max: 5 }),
        source: fc.constantFrom('matchmaker', 'server'),
        bootId: fc.constantFrom('a', 'b', 'c'),
        bootedAt: fc.constantFrom('2026-11-24T09:00:00.000Z', '2026-11-24T10:01:00.000Z'),
        receipt: fc.record(
          { process: fc.constantFrom('p', 'q'), number: fc.nat({ max: 3 }) },
          { noNullPrototype: true },
        ),
      },
      { requiredKeys: ['activeSessions'] },
    )
    .map((counts): Timeless => ({ command: 'reportSessions', ...counts })),
  fc.record({ incarnation, generation: fc.nat({ max: 4 }) }).map((facts): Timeless => ({
    command: 'rotateToken',
    tokenDigest: 'next',
    graceUntil: '2026-11-24T12:00:00.000Z',
    ...facts,
  })),
  commandId.map((id): Timeless => ({ command: 'mark', commandId: id })),
  commandId.map((id): Timeless => ({ command: 'fail', commandId: id, failure })),
  fc
    .record({ mode: fc.constantFrom('graceful', 'ifIdle', 'force'), isSeen: fc.boolean() })
    .map(({ mode, isSeen }): Timeless => ({
      command: 'beginDelete',
      mode,
      ...(isSeen && { absenceSeen: true }),
      sessionsStaleAfterMs: STALE_AFTER_MS,
      failedCreationRetentionMs: RETENTION_MS,
      failedRetentionMs: RETENTION_MS,
    })),
  incarnation.map((id): Timeless => ({ command: 'finishDelete', incarnation: id })),
  incarnation.map((id): Timeless => ({ command: 'enforceLimits', incarnation: id })),
  incarnation.map((id): Timeless => ({ command: 'recordAbsence', incarnation: id })),
  incarnation.map((id): Timeless => ({ command: 'recordTagMissing', incarnation: id })),
  fc
    .record({ incarnation, publicIP: fc.constantFrom('20.0.0.1', '20.0.0.2') })
    .map(({ publicIP, ...facts }): Timeless => ({
      command: 'recordEndpoint',
      ...facts,
      endpoint: { publicIP, ports: [] },
    })),
  incarnation.map((id): Timeless => ({ command: 'recordFailure', incarnation: id, failure })),
  fc
    .record({
      incarnation,
      count: fc.nat({ max: 4 }),
      allEnded: fc.constantFrom(undefined, true),
      hasEnded: fc.boolean(),
    })
    .map(({ count, hasEnded, allEnded, ...facts }): Timeless => ({
      command: 'recordInspection',
      ...facts,
      restarts: { since: '2026-11-24T10:00:00.000Z', containers: [{ name: 'server', before: 0, count }] },
      restarted: 'server once',
      ...(hasEnded && { ending: endingOf(count, allEnded) }),
    })),
  incarnation.map((id): Timeless => ({ command: 'restore', incarnation: id, endpoint })),
);

function endingOf(restartCount: number, allEnded: true | undefined) {
  const container = { containerName: 'server', exitCode: 137, restartCount };
  return { event: 'crashed', failure, container, ...(allEnded && { allEnded }) } as const;
}

/** One step of a random life: a command, and how long after the step before. */
export const step = fc.record({ afterMs: fc.nat({ max: 40_000 }), command: timeless });

/** One step of the life of a group that runs: players come and go, it is marked or given up, and swept. */
export const drainStep = fc.record({
  afterMs: fc.nat({ max: STALE_AFTER_MS }),
  command: fc.oneof(
    fc
      .record({ activeSessions: fc.nat({ max: 2 }), source: fc.constantFrom('matchmaker', 'server') })
      .map((counts): Timeless => ({ command: 'reportSessions', ...counts })),
    fc.constant<Timeless>({ command: 'enforceLimits', incarnation: 'first' }),
    commandId.map((id): Timeless => ({ command: 'mark', commandId: id })),
    commandId.map((id): Timeless => ({ command: 'fail', commandId: id, failure })),
    fc.constant<Timeless>({
      command: 'beginDelete',
      mode: 'graceful',
      sessionsStaleAfterMs: STALE_AFTER_MS,
      failedRetentionMs: RETENTION_MS,
    }),
  ),
});
