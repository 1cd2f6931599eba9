import { z } from 'zod';
import { groupIdSchema, groupKey, type GroupId } from '../group/group-id.ts';
import { elapsedMs, instantSchema, type Instant } from '../time.ts';
import { isSpared, type Collection } from './garbage.ts';

/** A deletion that nobody waits for, and whose end a sweep still wants to count. */
export const underWaySchema = z.object({
  ...groupIdSchema.shape,
  /** The sweep that started it; absent of one that was found under way. */
  sweep: z.int().exactOptional(),
  /** The last sweep that saw the group as garbage. */
  seenBy: z.int(),
  since: instantSchema,
});
export type UnderWay = z.infer<typeof underWaySchema>;

/**
 * The most that are remembered; as an input of an orchestration at most 30 KB, which Azure Storage keeps in a row. At ACI's pace, 100 in
 * five minutes, fewer are under way at a time.
 */
export const MAX_UNDER_WAY = 100;

/** Sweeps in a summary, which is in a custom status beside a report; whoever waits for one does so for a minute at the most. */
const MAX_SWEEPS = 20;

/** What takes longer is left to its own orchestration and reported as under way: nobody looks at a stuck group for ever. */
const PATIENCE_MS = 120_000;

/** What is still under way, and what the report of a sweep is to count. */
interface Look {
  underWay: UnderWay[];
  ended: Collection[];
}

/**
 * After a look at all that is under way, of which some have ended. A group that was spared counts for the sweep that saw it as garbage;
 * a later one has seen it among those that it keeps.
 */
export function afterLook(underWay: readonly UnderWay[], ended: Collection[], sweep: number, at: Instant): Look {
  const outcomes = new Map(ended.map((each) => [groupKey(each), each]));
  const open = underWay.filter((each) => !outcomes.has(groupKey(each)));
  const isSeen = new Set(underWay.filter(({ seenBy }) => seenBy === sweep).map(groupKey));
  const counted = [...outcomes.values()].filter(
    (each) => each.failure === undefined || !isSpared(each.failure) || isSeen.has(groupKey(each)),
  );
  return letGo(open, ({ since }) => elapsedMs(since, at) <= PATIENCE_MS, counted);
}

/** The garbage of a page apart: what is under way already, which this sweep has now seen, and what there is to start. */
export function sortGarbage<Garbage extends GroupId>(
  underWay: readonly UnderWay[],
  garbage: readonly Garbage[],
  sweep: number,
): { underWay: UnderWay[]; toStart: Garbage[] } {
  const found = new Set(garbage.map(groupKey));
  const known = new Set(underWay.map(groupKey));
  return {
    underWay: underWay.map((each) => (found.has(groupKey(each)) ? { ...each, seenBy: sweep } : each)),
    toStart: garbage.filter((each) => !known.has(groupKey(each))),
  };
}

/** With those that a sweep has just started, or found under way when it would have; where they are too many, the oldest are reported as what takes too long is. */
export function withStarted(
  underWay: readonly UnderWay[],
  { started, found }: { started: readonly GroupId[]; found: readonly GroupId[] },
  sweep: number,
  at: Instant,
): Look {
  const all = [
    ...underWay,
    ...started.map((group) => ({ ...idOf(group), sweep, seenBy: sweep, since: at })),
    ...found.map((group) => ({ ...idOf(group), seenBy: sweep, since: at })),
  ];
  const tooMany = all.length - MAX_UNDER_WAY;
  return letGo(all, (_, index) => index >= tooMany, []);
}

/** How many there are, and which sweeps started some of them, the newest first; undefined when there is none. */
export function summaryOf(underWay: readonly UnderWay[]): { count: number; sweeps: number[] } | undefined {
  if (underWay.length === 0) {
    return undefined;
  }
  const sweeps = new Set(underWay.flatMap(({ sweep }) => sweep ?? []));
  return { count: underWay.length, sweeps: [...sweeps].toSorted((one, other) => other - one).slice(0, MAX_SWEEPS) };
}

function idOf({ resourceGroup, containerGroupName }: GroupId): GroupId {
  return { resourceGroup, containerGroupName };
}

function letGo(
  all: readonly UnderWay[],
  isKept: (each: UnderWay, index: number) => boolean,
  ended: Collection[],
): Look {
  const gone = all.filter((each, index) => !isKept(each, index));
  return { underWay: all.filter(isKept), ended: [...ended, ...gone.map(stillUnderWay)] };
}

function stillUnderWay({ resourceGroup, containerGroupName }: UnderWay): Collection {
  const message = 'ARM has not finished yet; the deletion goes on by itself.';
  return { resourceGroup, containerGroupName, failure: { code: 'deletionUnderWay', message } };
}
