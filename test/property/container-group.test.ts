import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerGroupSchema, isBeingDeleted, type ContainerGroup } from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { GroupCommand } from '../../src/domain/group/group-command.ts';
import { addMs, elapsedMs, type Instant } from '../../src/domain/time.ts';
import { BORN, running } from '../unit/domain/group/group-fixture.ts';
import { drainStep, STALE_AFTER_MS, step } from './random-life.ts';
import { strictForm } from './strict-form.ts';

/** Of a group whose server falls silent now and then in these lives. */
const health = { heartbeatSeconds: 20, failureThreshold: 1, initialDelaySeconds: 0 };

const storedGroup = strictForm(containerGroupSchema);

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

test('a refused command changes nothing but the list of outcomes and what is known of older boots', () => {
  inEveryMoment(({ before, decision }) => {
    if (decision.outcome !== 'changed') {
      expect(withoutNotes(decision.group)).toEqual(withoutNotes(before));
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

test('no group with sessions is swept until it has been silent for long, since it was marked or given up and since its last report', () => {
  let sweptCount = 0;
  fc.assert(
    fc.property(fc.array(drainStep, { maxLength: 12 }), (steps) => {
      let group: ContainerGroup | undefined = { ...running, idleSeconds: 30, health };
      let at = BORN;
      let markedAt: Instant | undefined;
      let heardAt: Instant = BORN;
      for (const { afterMs, command: timelessCommand } of steps) {
        at = addMs(at, afterMs);
        const before: ContainerGroup | undefined = group;
        const { outcome, group: after } = decide(before, { ...timelessCommand, at });
        if (hasBegun(before, after) && before !== undefined && before.activeSessions > 0) {
          sweptCount += 1;
          expect(elapsedMs(markedAt ?? at, at)).toBeGreaterThan(STALE_AFTER_MS);
          expect(elapsedMs(heardAt, at)).toBeGreaterThan(STALE_AFTER_MS);
        }
        markedAt = after?.state === before?.state ? markedAt : at;
        heardAt = timelessCommand.command === 'reportSessions' && outcome === 'changed' ? at : heardAt;
        group = after;
      }
    }),
    { numRuns: 5_000 },
  );
  expect(sweptCount).toBeGreaterThan(0);
});

test('no deletion of a group with sessions begins but by force or by the sweep, which Azure, a mark or a failure has sent', () => {
  inEveryMoment(({ before, command, decision: { group } }) => {
    if (command.command !== 'beginDelete' || !hasBegun(before, group) || before?.activeSessions === 0) {
      return;
    }
    const isGivenUp = before?.state === 'Failed' || before?.state === 'MarkedForDeletion';
    expect(command.mode === 'force' || (command.mode === 'graceful' && isGivenUp)).toBe(true);
  });
});

test('no group is marked for lying idle while somebody plays on it', () => {
  inEveryMoment(({ before, command, decision: { group } }) => {
    if (
      command.command === 'enforceLimits' &&
      before?.state === 'Running' &&
      group?.timeline.at(-1)?.detail === 'idle'
    ) {
      expect(before.activeSessions).toBe(0);
    }
  });
});

test('only beginDelete begins a deletion, and there is no way back from it but the end', () => {
  inEveryMoment(({ before, command, decision: { group } }) => {
    if (before !== undefined && isBeingDeleted(before)) {
      const isEnd =
        command.command === 'finishDelete' || (command.command === 'recordTagMissing' && leftNothing(before));
      expect(group === undefined || isBeingDeleted(group)).toBe(true);
      expect(group !== undefined || isEnd).toBe(true);
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
      command.incarnation !== before.incarnation &&
      !(command.command === 'create' && isUnheardOf(before))
    ) {
      expect(decision.outcome).toBe('refused');
    }
  });
});

test('a group is never replaced by another without having been deleted, unless Azure never had it', () => {
  inEveryMoment(({ before, command, decision: { group } }) => {
    const isCreatedAnew = command.command === 'create' && group?.incarnation === command.incarnation;
    if (before !== undefined && group !== undefined && !(isCreatedAnew && isUnheardOf(before))) {
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

function isUnheardOf(group: ContainerGroup): boolean {
  return leftNothing(group) && !isBeingDeleted(group);
}

function leftNothing(group: ContainerGroup): boolean {
  return group.state === 'Failed' && group.leftNothing === true;
}

function hasBegun(before: ContainerGroup | undefined, after: ContainerGroup | undefined): boolean {
  return before !== undefined && !isBeingDeleted(before) && after !== undefined && isBeingDeleted(after);
}

function withoutNotes(group: ContainerGroup | undefined): object | undefined {
  if (group?.lastReport === undefined) {
    return group && { ...group, outcomes: [] };
  }
  const { otherStream, ...newest } = group.lastReport;
  const lastReport = { ...newest, earlierBootIds: [], otherStream: { ...otherStream, earlierBootIds: [] } };
  return { ...group, outcomes: [], lastReport };
}
