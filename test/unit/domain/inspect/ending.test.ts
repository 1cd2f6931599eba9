import { describe, expect, test } from 'vitest';
import { findEnding } from '../../../../src/domain/inspect/ending.ts';
import { addMs } from '../../../../src/domain/time.ts';
import { LATER } from '../group/group-fixture.ts';
import type { InspectedContainer, InspectedResource } from '../../../../src/domain/inspect/inspected-resource.ts';
import { backingOff, ended, resource, server } from './resource-fixture.ts';

const none = { restarts: new Map<string, number>(), at: LATER };
/** What is known at a look after so many restarts of the server. */
const restarted = (count: number) => ({ ...none, restarts: new Map([['server', count]]) });
const sidecar: InspectedContainer = { ...server, name: 'sidecar' };
const killed = ended(137, { lastEnd: { exitCode: 137, reason: 'OOMKilled' } });

function eventOf(seen: InspectedResource, known: Parameters<typeof findEnding>[1] = none) {
  const ending = findEnding(seen, known);
  return ending && { event: ending.event, code: ending.failure.code, allEnded: ending.allEnded };
}

const crashed = { event: 'crashed', code: 'containerCrashed', allEnded: undefined };
const over = { event: 'ended', code: 'containersExited', allEnded: true };

test.each<[string, InspectedResource, object | undefined]>([
  ['Always, that runs', resource('Always', [server]), undefined],
  ['Always, that has ended and is about to be started', resource('Always', [ended(1)]), undefined],
  ['Always, that waits for its first restart', resource('Always', [backingOff(0)]), undefined],
  ['Always, whose group was stopped', resource('Always', [ended(137)], { groupState: 'Stopped' }), over],
  ['OnFailure, that has ended in order', resource('OnFailure', [ended(0)]), over],
  ['OnFailure, that has crashed and is about to be started', resource('OnFailure', [ended(1)]), undefined],
  ['OnFailure, whose group is over', resource('OnFailure', [ended(0)], { groupState: 'Succeeded' }), over],
  ['Never, that has ended in order', resource('Never', [ended(0)]), over],
  ['Never, that has crashed', resource('Never', [ended(3)]), crashed],
  [
    'Never, that has crashed, in a group that ACI calls failed',
    resource('Never', [ended(3)], { groupState: 'Failed' }),
    crashed,
  ],
  ['Never, beside one that ended in order', resource('Never', [ended(0, { name: 'first' }), ended(3)]), crashed],
  ['Never, that ended in order beside one that runs', resource('Never', [ended(0), sidecar]), undefined],
  ['Never, that crashed beside one that runs', resource('Never', [ended(3), sidecar]), crashed],
  [
    'Never, of which ACI shows nothing but that its group has failed',
    resource('Never', [{ name: 'server' }], { groupState: 'Failed' }),
    undefined,
  ],
  [
    'Always, of which ACI shows nothing but that its group was stopped',
    resource('Always', [{ name: 'server' }], { groupState: 'Stopped' }),
    over,
  ],
  [
    'Always, that is about to be started, in a group that ACI calls failed',
    resource('Always', [ended(3)], { groupState: 'Failed' }),
    undefined,
  ],
  [
    'Always, that is about to be started, in a group that ACI calls succeeded',
    resource('Always', [ended(0)], { groupState: 'Succeeded' }),
    undefined,
  ],
  ['Never, that starts', resource('Never', [{ ...server, state: 'Waiting' }], { groupState: 'Pending' }), undefined],
  [
    'Never, that ended nobody knows how',
    resource('Never', [{ ...server, state: 'Terminated' }]),
    { ...over, allEnded: undefined },
  ],
  ['Never, without a container', resource('Never', []), undefined],
])('a container with %s', (_, seen, expected) => {
  expect(eventOf(seen)).toEqual(expected);
});

describe('a crash that restartPolicy Never leaves so', () => {
  const seenAt = (ms: number, seen = resource('Never', [ended(7147)])) =>
    eventOf(seen, { ...none, endSeenAt: addMs(LATER, -ms) });

  test('has ended the group for good once a later look shows it as well, since Azure may start it again', () => {
    expect(seenAt(59_999)).toEqual(crashed);
    expect(seenAt(60_000)).toEqual({ event: 'ended', code: 'containerCrashed', allEnded: true });
  });

  test('has ended the group for good as well where nobody knows how it ended', () => {
    const seen = resource('Never', [{ ...server, state: 'Terminated' }]);
    expect(seenAt(60_000, seen)).toEqual({ event: 'ended', code: 'containersExited', allEnded: true });
  });

  test('has ended nothing where the container runs again', () => {
    expect(seenAt(300_000, resource('Never', [{ ...ended(7147), state: 'Running' }]))).toBeUndefined();
  });

  test('has ended nothing for good where another container runs', () => {
    expect(seenAt(300_000, resource('Never', [ended(3), sidecar]))).toEqual(crashed);
  });

  test('has ended the group at once where somebody stopped it', () => {
    expect(eventOf(resource('Never', [ended(3)], { groupState: 'Stopped' }))).toEqual(over);
  });
});

describe('a crash loop', () => {
  const loops = (
    container: InspectedContainer,
    restarts: number,
    policy: 'Always' | 'OnFailure' | 'Never' = 'Always',
  ) => eventOf(resource(policy, [sidecar, container]), restarted(restarts))?.event === 'crashLoop';

  test('is three ends within the window, that before a wait among them', () => {
    expect(loops(backingOff(9), 1)).toBe(false);
    expect(loops(backingOff(9), 2)).toBe(true);
    expect(loops({ ...backingOff(9), state: 'Running', detailStatus: '' }, 2)).toBe(false);
    expect(loops({ ...backingOff(9), state: 'Running', detailStatus: '' }, 3)).toBe(true);
    expect(loops({ ...backingOff(9), detailStatus: 'ImagePullBackOff' }, 2)).toBe(false);
  });

  test('is one with OnFailure as well, and none where nothing is started again, or what ended did so in order', () => {
    expect(loops(backingOff(9), 2, 'OnFailure')).toBe(true);
    expect(loops({ ...backingOff(9), state: 'Running' }, 3, 'Never')).toBe(false);
    expect(loops(backingOff(9, 0), 5)).toBe(false);
  });

  test('is none where nobody knows how the last run ended', () => {
    expect(loops({ ...server, restartCount: 3 }, 3)).toBe(false);
    expect(loops({ ...backingOff(9), lastEnd: {} }, 5)).toBe(false);
  });

  test('is none of what has run for as long as the longest back-off', () => {
    const running = (ms: number) => ({ ...ended(1), state: 'Running', runningSince: addMs(LATER, -ms) });
    expect(loops(running(299_999), 3)).toBe(true);
    expect(loops(running(300_000), 3)).toBe(false);
  });

  test('leaves the group its players, since a run of it may take some', () => {
    expect(findEnding(resource('Always', [backingOff(4)]), restarted(2))).toEqual({
      event: 'crashLoop',
      failure: {
        code: 'containerCrashed',
        message: 'server keeps ending, the last time with exit code 1; Azure restarted it 4 times.',
      },
      container: { containerName: 'server', exitCode: 1, reason: 'Error', restartCount: 4 },
    });
  });
});

test('an end whose restarts Azure does not show is told with none', () => {
  const { restartCount: _restartCount, ...unseen } = ended(0);
  expect(findEnding(resource('Never', [unseen]), none)?.container.restartCount).toBe(0);
});

test.each<[InspectedResource, string]>([
  [resource('Never', [killed]), 'server ended with exit code 137 (OOMKilled), and restartPolicy Never leaves it so.'],
  [
    resource('Never', [ended(7147)]),
    'server ended with exit code 7147 (by Azure itself), and restartPolicy Never leaves it so.',
  ],
  [
    resource('OnFailure', [ended(3)], { groupState: 'Failed' }),
    'server ended with exit code 3, and restartPolicy OnFailure leaves it so.',
  ],
  [resource('OnFailure', [ended(0)]), 'All containers of the group have ended: server ended with exit code 0.'],
  [resource('Always', [ended(0)], { groupState: 'Stopped' }), 'The group was stopped in Azure by somebody else.'],
])('an end is explained', (seen, message) => {
  expect(findEnding(seen, none)?.failure.message).toBe(message);
});
