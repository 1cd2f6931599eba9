import { collectGarbage, sweepNow } from '../../../src/contracts/garbage-collection.ts';
import { MAX_PARALLEL_DELETIONS } from '../../../src/domain/sweep/garbage.ts';
import { COLLECT_GARBAGE_INSTANCE_ID, type GroupId } from '../../../src/domain/group/group-id.ts';
import { after, output, pathsOf, raise, throws, type Answer } from '../path.ts';

const sweepIntervalMs = 300_000;
const [one, two, three] = [group(1), group(2), group(3)];
const many = Array.from({ length: MAX_PARALLEL_DELETIONS + 1 }, (_, index) => group(index + 1));

const asked = raise(COLLECT_GARBAGE_INSTANCE_ID, sweepNow);
const broken = throws('The store does not answer.');
const found = (garbage: GroupId[], more: object = {}): Answer =>
  output({ garbage, keptCount: 4, unreadable: [], sweepIntervalMs, ...more });
const ended = (...groups: object[]): Answer => output({ ended: groups });
const failing = (id: GroupId, code: string): object => ({ ...id, failure: { code, message: `It is ${code}.` } });

/** Every way through a turn of the eternal sweep. */
export const sweepPaths = pathsOf(
  collectGarbage,
  COLLECT_GARBAGE_INSTANCE_ID,
  {
    input: { number: 1 },
    activities: { findGarbage: [found([])], startDeletions: [output({})], readDeletions: [ended()] },
  },
  {
    'nothing-until-timer': {},
    'nothing-until-sweep-now': { meanwhile: [{ afterMs: 60_000, happening: asked }] },
    'sweep-now-during-sweep': { activities: { findGarbage: [after(asked, found([])), found([])] } },
    'sweep-now-and-timer-together': { meanwhile: [{ afterMs: 300_000, happening: asked }] },
    'suspended-and-resumed': {
      meanwhile: [
        { afterMs: 60_000, happening: (hub) => hub.client.suspend(COLLECT_GARBAGE_INSTANCE_ID, 'Stop.') },
        { afterMs: 900_000, happening: (hub) => hub.client.resume(COLLECT_GARBAGE_INSTANCE_ID, 'Go on.') },
      ],
    },
    collected: {
      activities: { findGarbage: [found([one, two])], readDeletions: [ended(one), ended(two)] },
    },
    'failed-and-spared': {
      activities: {
        findGarbage: [found([one, two, three])],
        readDeletions: [ended(one, failing(two, 'sessionsActive'), failing(three, 'notAuthorized'))],
      },
    },
    'unreadable-group': {
      activities: { findGarbage: [found([one], { unreadable: [two] })], readDeletions: [ended(one)] },
    },
    'several-pages': {
      activities: {
        findGarbage: [
          found([one], { continuationToken: 'page 2' }),
          found([], { continuationToken: 'page 3' }),
          found([two, three]),
        ],
        readDeletions: [ended(one), ended(two, three)],
      },
    },
    'two-batches': {
      activities: {
        findGarbage: [found(many)],
        readDeletions: [ended(...many.slice(0, MAX_PARALLEL_DELETIONS)), ended(...many.slice(MAX_PARALLEL_DELETIONS))],
      },
    },
    'patience-over': { activities: { findGarbage: [found([one, two])], readDeletions: [ended(one), ended()] } },
    'find-throws': { activities: { findGarbage: [broken] } },
    'find-throws-on-second-page': {
      activities: {
        findGarbage: [found([one], { continuationToken: 'page 2' }), broken],
        readDeletions: [ended(one)],
      },
    },
    'start-throws': { activities: { findGarbage: [found([one])], startDeletions: [broken] } },
    'read-throws': { activities: { findGarbage: [found([one, two])], readDeletions: [ended(one), broken] } },
    'second-turn': {
      turn: 2,
      activities: { findGarbage: [found([one]), found([])], readDeletions: [ended(one)] },
    },
    'turn-after-sweep-now': { turn: 2, meanwhile: [{ afterMs: 60_000, happening: asked }] },
    'third-turn-by-sweep-now': {
      turn: 3,
      activities: { findGarbage: [found([one]), found([two]), found([])], readDeletions: [ended(one), ended(two)] },
      meanwhile: [{ afterMs: 60_000, happening: asked }],
    },
  },
);

function group(number: number): GroupId {
  return { resourceGroup: 'Games', containerGroupName: `game-${number}` };
}
