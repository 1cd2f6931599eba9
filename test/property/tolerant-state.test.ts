import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  containerGroupSchema,
  deletionOf,
  endpointOf,
  MAX_OUTCOMES,
  MAX_TIMELINE_ENTRIES,
  type ContainerGroup,
} from '../../src/domain/group/container-group.ts';
import { decide } from '../../src/domain/group/decide.ts';
import type { GroupCommand } from '../../src/domain/group/group-command.ts';
import { addMs } from '../../src/domain/time.ts';
import { step } from './random-life.ts';

/** A step before which a newer version of the app may have written the group. */
const mixedStep = fc.record({ step, isWrittenByNewer: fc.boolean() });

/** Words that only the newer version knows, by the field they stand in and the text that the field has now. */
const tomorrow: Record<string, (known: unknown) => unknown> = {
  protocol: () => 'SCTP',
  code: (known) => (known === 'deletedOutside' ? known : 'ofTomorrow'),
};

/** The group as a newer version of the same schema would write it: one more field in every object, and words of its own. */
function writtenByNewer(group: ContainerGroup, number: number): ContainerGroup {
  const timeline = group.timeline.map((entry) => ({ ...entry, state: 'Hibernating' }));
  const stored = enriched({ ...group, timeline }, number);
  const read = containerGroupSchema.parse(stored);
  expect(read).toStrictEqual(stored);
  return read;
}

function enriched(value: unknown, number: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => enriched(item, number));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const fields = Object.entries(value).map(([name, field]: [string, unknown]): [string, unknown] => [
    name,
    name === 'labels' ? field : (tomorrow[name]?.(field) ?? enriched(field, number)),
  ]);
  return { ...Object.fromEntries(fields), ofTomorrow: { number } };
}

function inEveryMixedMoment(
  check: (before: ContainerGroup, command: GroupCommand, after: ContainerGroup) => void,
): void {
  fc.assert(
    fc.property(fc.array(mixedStep, { maxLength: 40 }), (steps) => {
      let group: ContainerGroup | undefined;
      let at = '2026-11-24T10:00:00.000Z';
      for (const [number, { step: next, isWrittenByNewer }] of steps.entries()) {
        at = addMs(at, next.afterMs);
        const before = group !== undefined && isWrittenByNewer ? writtenByNewer(group, number) : group;
        const command: GroupCommand = { ...next.command, at, cause: 'a random life' };
        ({ group } = decide(before, command));
        // Another creation in the place of one that left nothing in Azure is another group.
        if (before !== undefined && group?.incarnation === before.incarnation) {
          check(before, command, group);
        }
      }
    }),
    { numRuns: 2_000 },
  );
}

test('what a newer version wrote into a group is stored and read as it is', () => {
  inEveryMixedMoment((_before, _command, after) => {
    expect(containerGroupSchema.parse(JSON.parse(JSON.stringify(after)))).toStrictEqual(after);
  });
});

test('every command keeps the fields of a newer version in all that it does not replace', () => {
  inEveryMixedMoment((before, command, after) => {
    expect(ofTomorrow(after)).toEqual(ofTomorrow(before));
    expect(after.creation).toEqual(before.creation);
    expect(ofTomorrow(after.token)).toEqual(ofTomorrow(before.token));
    if (before.lastReport !== undefined) {
      expect(ofTomorrow(after.lastReport)).toEqual(ofTomorrow(before.lastReport));
    }
    const isNewEndpoint = ['provisioned', 'recordEndpoint', 'restore'].includes(command.command);
    if (endpointOf(before) !== undefined && !isNewEndpoint) {
      expect(endpointOf(after)).toEqual(endpointOf(before));
    }
    if (deletionOf(before) !== undefined) {
      expect(deletionOf(after)).toEqual(deletionOf(before));
    }
    const isNewFailure = ['recordAbsence', 'recordTagMissing', 'recordInspection'].includes(command.command);
    if (before.state === 'Failed' && after.state === 'Failed' && !isNewFailure) {
      expect(after.failure).toEqual(before.failure);
    }
  });
});

test('every command keeps the words of a newer version in what has happened', () => {
  inEveryMixedMoment((before, _command, after) => {
    expect(after.timeline).toEqual(expect.arrayContaining(kept(before.timeline, MAX_TIMELINE_ENTRIES)));
    expect(after.outcomes).toEqual(expect.arrayContaining(kept(before.outcomes, MAX_OUTCOMES)));
  });
});

/** What must still be in a list that loses its oldest when it is full. */
function kept<Item>(before: Item[], max: number): Item[] {
  return before.length < max ? before : before.slice(1);
}

function ofTomorrow(value: object | undefined): unknown {
  return value !== undefined && 'ofTomorrow' in value ? value.ofTomorrow : undefined;
}
