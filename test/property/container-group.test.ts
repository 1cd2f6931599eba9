import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerGroupSchema, isBeingDeleted, type ContainerGroup } from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { GroupCommand } from '../../src/domain/group/group-command.ts';
import { addMs, elapsedMs } from '../../src/domain/time.ts';
import { STALE_AFTER_MS, step } from './random-life.ts';
import { strictForm } from './strict-form.ts';

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
