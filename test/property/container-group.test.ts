import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerGroupSchema, isBeingDeleted, type ContainerGroup } from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { GroupCommand } from '../../src/domain/group/group-command.ts';
import { addMs, elapsedMs } from '../../src/domain/time.ts';
import { strictForm } from './strict-form.ts';

const STALE_AFTER_MS = 60_000;
const incarnation = fc.constantFrom('one', 'two', 'three');
const commandId = fc.constantFrom('c1', 'c2', 'c3', 'c4');
const endpoint = { publicIP: '20.0.0.1', ports: [] };
const failure = { code: 'containersExited', message: 'It ended.' } as const;

const storedGroup = strictForm(containerGroupSchema);

type Timeless = GroupCommand extends infer Command
  ? Command extends GroupCommand
    ? Omit<Command, 'at'>
    : never
  : never;

const timeless: fc.Arbitrary<Timeless> = fc.oneof(
  incarnation.map((id): Timeless => ({
    command: 'create',
    incarnation: id,
    resourceGroup: 'games',
    containerGroupName: 'game-1',
    location: 'westeurope',
    maxSessions: 8,
    labels: { fleet: 'eu' },
    creation: { requestDigest: id },
    tokenDigest: id,
  })),
  incarnation.map((id): Timeless => ({ command: 'provisioned', incarnation: id, endpoint })),
  incarnation.map((id): Timeless => ({ command: 'failProvisioning', incarnation: id, failure })),
  fc
    .record(
      {
        activeSessions: fc.nat({ max: 3 }),
        incarnation,
        sequence: fc.nat({ max: 5 }),
        bootId: fc.constantFrom('a', 'b'),
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
    .constantFrom('graceful', 'ifIdle', 'force')
    .map((mode): Timeless => ({ command: 'beginDelete', mode, sessionsStaleAfterMs: STALE_AFTER_MS })),
  incarnation.map((id): Timeless => ({ command: 'finishDelete', incarnation: id })),
  incarnation.map((id): Timeless => ({ command: 'recordAbsence', incarnation: id })),
);

const step = fc.record({ afterMs: fc.nat({ max: 40_000 }), command: timeless });

interface Moment {
  before: ContainerGroup | undefined;
  command: GroupCommand;
  decision: ReturnType<typeof decide>;
}

/** Plays a random life from nothing and checks each of its moments. */
function inEveryMoment(check: (moment: Moment) => void): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let group: ContainerGroup | undefined;
      let at = '2026-11-24T10:00:00.000Z';
      for (const { afterMs, command: timelessCommand } of steps) {
        at = addMs(at, afterMs);
        const command: GroupCommand = { ...timelessCommand, at, cause: 'a random life' };
        const before = structuredClone(group);
        const decision = decide(group, command);
        expect(group).toEqual(before);
        check({ before, command, decision });
        ({ group } = decision);
      }
    }),
    { numRuns: 2_000 },
  );
}

test('a group is stored and read again with every field that it has', () => {
  inEveryMoment(({ decision: { group } }) => {
    expect(group === undefined ? undefined : storedGroup.parse(JSON.parse(JSON.stringify(group)))).toStrictEqual(group);
  });
});

test('a refused command changes nothing but the list of outcomes', () => {
  inEveryMoment(({ before, decision }) => {
    if (decision.outcome !== 'changed') {
      expect(withoutOutcomes(decision.group)).toEqual(withoutOutcomes(before));
    }
  });
});

test('a session report is taken as it is or refused, never lost', () => {
  inEveryMoment(({ before, command, decision }) => {
    if (command.command === 'reportSessions' && decision.outcome === 'changed') {
      expect(decision.group?.activeSessions).toBe(command.activeSessions);
    } else if (before !== undefined && decision.group?.incarnation === before.incarnation) {
      expect(decision.group.activeSessions).toBe(before.activeSessions);
    }
  });
});

test('no deletion begins while there are sessions, but by force or after a long silence', () => {
  inEveryMoment(({ before, command, decision }) => {
    const hasBegun =
      before !== undefined && !isBeingDeleted(before) && decision.group !== undefined && isBeingDeleted(decision.group);
    if (!hasBegun || command.command !== 'beginDelete' || before.activeSessions === 0) {
      return;
    }
    const silentMs = elapsedMs(before.lastReport?.at ?? before.stateSince, command.at);
    const isGone = before.state === 'Failed' && before.failure.code === 'deletedOutside';
    expect(command.mode === 'force' || silentMs > STALE_AFTER_MS || isGone).toBe(true);
  });
});

test('only beginDelete begins a deletion, and there is no way back from it but the end', () => {
  inEveryMoment(({ before, command, decision: { group } }) => {
    if (before !== undefined && isBeingDeleted(before)) {
      expect(group === undefined || isBeingDeleted(group)).toBe(true);
      expect(group !== undefined || command.command === 'finishDelete').toBe(true);
    } else if (group !== undefined && isBeingDeleted(group)) {
      expect(command.command).toBe('beginDelete');
    }
  });
});

test('a command of another incarnation is refused', () => {
  inEveryMoment(({ before, command, decision }) => {
    if (
      before !== undefined &&
      'incarnation' in command &&
      command.incarnation !== undefined &&
      command.incarnation !== before.incarnation
    ) {
      expect(decision.outcome).toBe('refused');
    }
  });
});

test('a group is never replaced by another without having been deleted', () => {
  inEveryMoment(({ before, decision: { group } }) => {
    if (before !== undefined && group !== undefined) {
      expect(group.incarnation).toBe(before.incarnation);
      expect(group.createdAt).toBe(before.createdAt);
    }
  });
});

test('a command id has one outcome while it is remembered', () => {
  inEveryMoment(({ before, command, decision }) => {
    if ('commandId' in command && before?.outcomes.some(({ commandId: id }) => id === command.commandId)) {
      expect(decision.group).toEqual(before);
    }
  });
});

function withoutOutcomes(group: ContainerGroup | undefined): object | undefined {
  return group === undefined ? undefined : { ...group, outcomes: [] };
}
