import { collectGarbage, sweepNow } from '../../../src/contracts/garbage-collection.ts';
import { COLLECT_GARBAGE_INSTANCE_ID, type GroupId } from '../../../src/domain/group/group-id.ts';
import { emptyReport } from '../../../src/domain/sweep/garbage.ts';
import { after, output, pathsOf, raise, throws, type Answer } from '../path.ts';

const sweepIntervalMs = 300_000;
const [one, two, three] = [group(1), group(2), group(3)];
const many = Array.from({ length: 31 }, (_, index) => group(index + 1));

const askedAfter = (number: number) => raise(COLLECT_GARBAGE_INSTANCE_ID, sweepNow, { after: number });
const asked = askedAfter(1);
const soFar = { ...emptyReport(1, '2026-01-01T00:00:00.000Z'), startedCount: 2 };
const waitUntil = '2026-01-01T00:05:00.000Z';
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
    activities: {
      findGarbage: [found([])],
      startDeletions: [output({ alreadyUnderWay: [] })],
      readDeletions: [ended()],
    },
  },
  {
    'nothing-until-timer': {},
    'nothing-until-sweep-now': { meanwhile: [{ afterMs: 60_000, happening: asked }] },
    'nothing-until-sweep-now-of-0.1.0': {
      meanwhile: [{ afterMs: 60_000, happening: raise(COLLECT_GARBAGE_INSTANCE_ID, sweepNow) }],
    },
    'sweep-now-behind': { meanwhile: [{ afterMs: 60_000, happening: askedAfter(0) }] },
    'sweep-now-behind-and-again': {
      meanwhile: [
        { afterMs: 60_000, happening: askedAfter(0) },
        { afterMs: 90_000, happening: asked },
      ],
    },
    'sweep-now-while-collecting': {
      activities: { findGarbage: [found([one, two])], readDeletions: [ended(one), ended()] },
      meanwhile: [{ afterMs: 30_000, happening: asked }],
    },
    'sweep-now-during-a-look': {
      activities: { findGarbage: [found([one])], readDeletions: [after(asked, ended())] },
    },
    'many-sweep-now-behind': {
      meanwhile: [
        {
          afterMs: 60_000,
          happening: (hub) => Promise.all(Array.from({ length: 101 }, () => askedAfter(0)(hub))),
        },
      ],
    },
    'rest-of-the-wait': {
      input: { number: 1, soFar: { report: soFar, waitUntil }, underWay: [underWay(one), underWay(two)] },
      activities: { readDeletions: [ended(one), ended(two)] },
    },
    'rest-of-the-wait-is-over': { input: { number: 1, soFar: { report: soFar, waitUntil: soFar.sweptAt } } },
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
    'slow-creations': {
      activities: {
        findGarbage: [found([], { slow: [{ ...two, incarnation: 'incarnation-1', isOverdue: true }] })],
        attendSlowCreations: [output({})],
      },
    },
    'limits-passed': {
      activities: {
        findGarbage: [found([], { passed: [{ ...two, incarnation: 'incarnation-1' }] })],
        enforceLimits: [output({})],
      },
    },
    'first-of-several-pages': {
      activities: { findGarbage: [found([one], { continuationToken: 'page 2' }), found([])] },
    },
    'second-of-several-pages': {
      turn: 2,
      activities: {
        findGarbage: [
          found([one, two], { continuationToken: 'page 2' }),
          found([one, three], { continuationToken: 'page 3' }),
          found([]),
        ],
        readDeletions: [ended(one)],
      },
    },
    'last-of-several-pages': {
      turn: 3,
      activities: {
        findGarbage: [
          found([one], { continuationToken: 'page 2' }),
          found([], { continuationToken: 'page 3' }),
          found([two]),
        ],
        readDeletions: [ended(one), ended(two)],
      },
    },
    'under-way-already': {
      activities: {
        findGarbage: [found([one, two])],
        startDeletions: [output({ alreadyUnderWay: [one] })],
        readDeletions: [ended(one, two)],
      },
    },
    'under-way-of-an-earlier-group': {
      activities: {
        findGarbage: [found([one, two])],
        startDeletions: [output({ alreadyUnderWay: [], earlierUnderWay: [one] })],
        readDeletions: [ended(two)],
      },
    },
    'attend-throws': {
      activities: {
        findGarbage: [found([one], { slow: [{ ...two, incarnation: 'incarnation-1', isOverdue: true }] })],
        attendSlowCreations: [broken],
        readDeletions: [ended(one)],
      },
    },
    'two-batches': {
      activities: {
        findGarbage: [found(many)],
        readDeletions: [ended(...many.slice(0, 20)), ended(...many.slice(20))],
      },
    },
    'no-room': {
      activities: {
        findGarbage: [found([one, two], { deletionsPerFiveMinutes: 10 })],
        readDeletions: [ended(one, two)],
      },
      input: { number: 1, pace: [{ since: '2025-12-31T23:59:00.000Z', count: 9 }] },
    },
    'patience-over': { activities: { findGarbage: [found([one, two])], readDeletions: [ended(one), ended()] } },
    'find-throws': { activities: { findGarbage: [broken] } },
    'find-throws-on-second-page': {
      activities: {
        findGarbage: [found([one], { continuationToken: 'page 2' }), broken],
        readDeletions: [ended(one)],
      },
      turn: 2,
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

function underWay(id: GroupId) {
  return { ...id, sweep: 1, seenBy: 1, since: soFar.sweptAt };
}

function group(number: number): GroupId {
  return { resourceGroup: 'Games', containerGroupName: `game-${number}` };
}
