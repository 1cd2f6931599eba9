import { z } from 'zod';
import { collectGarbage } from '../../../src/contracts/garbage-collection.ts';
import { groupIdSchema, type GroupId } from '../../../src/domain/group/group-id.ts';
import { emptyReport } from '../../../src/domain/sweep/garbage.ts';
import type { Sweeping } from '../../../src/domain/sweep/sweeping.ts';
import { orchestrateGarbageCollection } from '../../../src/orchestrators/collect-garbage.ts';
import { BORN } from '../domain/group/group-fixture.ts';
import { drive, type Answer, type World } from './drive.ts';

/** How often is swept. */
export const sweepIntervalMs = 300_000;
/** A group. */
export const one = group('one');
/** Another group. */
export const two = group('two');
/** A third group. */
export const three = group('three');
/** The report of the sweep before. */
export const last = emptyReport(6, BORN);
/** The report of a sweep that has done nothing yet. */
export const began = { ...emptyReport(7, BORN), startedCount: 0 };

const standard: Record<string, Answer> = {
  findGarbage: found([], { keptCount: 4 }),
  startDeletions: { alreadyUnderWay: [] },
  readDeletions: (input: unknown) => ({ ended: groupsOf(input) }),
};

/** Runs a turn in a world where all goes well but what these answers say. */
export function turn(
  answers: Record<string, Answer> = {},
  { isRaised, ...input }: Partial<Sweeping> & { isRaised?: NonNullable<World['isRaised']> } = {},
) {
  const world: World = { answers: { ...standard, ...answers }, ...(isRaised === undefined ? {} : { isRaised }) };
  const run = drive(collectGarbage, orchestrateGarbageCollection, { number: 7, last, ...input }, world);
  const published = run.published.at(-1);
  return { ...run, report: published?.last, names: run.asked.map(({ name }) => name) };
}

/** Whether the first wait for an event is ended by one with this data, and no other. */
export function onceWith(data: object): NonNullable<World['isRaised']> {
  return (_event, count) => count === 0 && data;
}

/** The id of a group. */
export function group(containerGroupName: string): GroupId {
  return { resourceGroup: 'games', containerGroupName };
}

/** A page with this garbage. */
export function found(garbage: GroupId[], more: object = {}): object {
  return { garbage, keptCount: 0, unreadable: [], sweepIntervalMs, ...more };
}

/** An activity that throws. */
export function breaks(): never {
  throw new Error('The store is away.');
}

/** The groups that an activity is asked about. */
export function groupsOf(input: unknown): GroupId[] {
  return z.object({ groups: z.array(groupIdSchema) }).parse(input).groups;
}

/** With what a turn goes on. */
export function sweepingOf(input: unknown): Sweeping {
  return collectGarbage.input.parse(input);
}
