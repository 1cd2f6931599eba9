import { inspect, type Finding } from '../../../src/contracts/inspection.ts';
import { INSPECT_INSTANCE_ID } from '../../../src/domain/group/group-id.ts';
import { emptyInspection } from '../../../src/domain/inspect/inspecting.ts';
import { output, pathsOf, throws, type Answer } from '../path.ts';
import { created, GROUP, INCARNATION, provisioned } from './group.ts';

const OF = { ...GROUP, incarnation: INCARNATION };
const SINCE = '2026-01-01T00:00:00.000Z';
const last = { ...emptyInspection(1, SINCE), inspectedCount: 4 };
const failure = { code: 'throttled', message: 'ARM says throttled.' } as const;
const broken = throws('The store does not answer.');

function inspected(findings: Finding[] = [], more: object = {}): Answer {
  return output({ inspectedCount: 1, findings, failed: [], inspectIntervalMs: 300_000, ...more });
}

const restarted: Finding = {
  ...OF,
  restarts: { since: SINCE, containers: [{ name: 'server', before: 0, count: 1 }] },
  restarted: 'server once, its last run ended with exit code 1',
};

function ending(event: 'crashed' | 'crashLoop' | 'ended', more: { allEnded?: true } = {}): Finding {
  const container = { containerName: 'server', exitCode: 137, restartCount: 0, lastLines: ['ann joined, 1 here'] };
  return { ...OF, ending: { event, failure: { code: 'containerCrashed', message: 'It ended.' }, container, ...more } };
}

const refused = { keys: ['games:game-1'], failure };

/** One look that finds this. */
function found(...findings: Finding[]) {
  return { activities: { inspectContainerGroups: [inspected(findings)] } };
}

/** Every way through a turn of the eternal inspection. */
export const inspectionPaths = pathsOf(
  inspect,
  INSPECT_INSTANCE_ID,
  { input: { number: 1 }, activities: { inspectContainerGroups: [inspected()] }, before: [created(), provisioned] },
  {
    'nothing-new': {},
    'nothing-new-again': { input: { number: 2, last } },
    'no-group': { activities: { inspectContainerGroups: [inspected([], { inspectedCount: 0 })] } },
    'second-turn': { turn: 2 },
    'more-groups': {
      input: { number: 2, last },
      activities: { inspectContainerGroups: [inspected([], { continuationToken: 'page 2' }), inspected()] },
    },
    'more-pages-without-a-group': {
      activities: {
        inspectContainerGroups: [inspected([], { inspectedCount: 0, continuationToken: 'page 2' }), inspected()],
      },
    },
    'last-page': {
      input: { number: 2, last, soFar: { report: emptyInspection(2, SINCE), continuationToken: 'page 2' } },
    },
    restarted: found(restarted),
    crashed: found(ending('crashed', { allEnded: true })),
    'crash-loop': found(ending('crashLoop')),
    ended: found(ending('ended', { allEnded: true })),
    'several-findings': found(restarted, ending('crashLoop')),
    'created-anew': found({ ...restarted, incarnation: 'incarnation-0' }),
    'cannot-look': {
      activities: { inspectContainerGroups: [inspected([], { inspectedCount: 0, failed: [{ ...GROUP, failure }] })] },
    },
    'refused-for-a-while': {
      activities: {
        inspectContainerGroups: [
          inspected([], { refused: { ...refused, retryAfterMs: 17_000 } }),
          inspected([restarted]),
        ],
      },
    },
    'refused-again-and-again': {
      activities: { inspectContainerGroups: Array.from({ length: 4 }, () => inspected([], { refused })) },
    },
    'look-throws': { activities: { inspectContainerGroups: [broken] } },
  },
);
