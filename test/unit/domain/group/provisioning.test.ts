import { describe, expect, test } from 'vitest';
import { ABSENCE_CERTAIN_AFTER_MS } from '../../../../src/domain/group/absence.ts';
import type { ObservedEvent, ObservedResource } from '../../../../src/domain/group/observation.ts';
import {
  assessProvisioning,
  awaitReport,
  explainDeadline,
  longestDeadlineMs,
  pollDelayMs,
} from '../../../../src/domain/group/provisioning.ts';

const INCARNATION = 'first';
const endpoint = { publicIP: '20.0.0.1', ports: [] };

const ready: ObservedResource = {
  found: true,
  incarnation: INCARNATION,
  provisioningState: 'Succeeded',
  instanceState: 'Running',
  endpoint,
  wantsPublicIP: true,
  containers: [{ name: 'game', state: 'Running' }],
  events: [],
};

const crashed = { name: 'game', state: 'Terminated', exitCode: 137, detailStatus: 'OOMKilled' };

const event = (name: string, message = ''): ObservedEvent => ({ name, message, count: 1 });
const assess = (seen: Partial<ObservedResource>) => assessProvisioning({ ...ready, ...seen }, INCARNATION, 0);

describe('a provisioning goes on', () => {
  const { instanceState: _, ...unborn } = ready;
  test.each<{ says: string; seen: Partial<ObservedResource>; phase: string }>([
    { says: 'while ARM has only taken it', seen: { provisioningState: 'Pending' }, phase: 'requested' },
    {
      says: 'while an image is pulled',
      seen: { provisioningState: 'Creating', events: [event('Pulling')] },
      phase: 'pullingImage',
    },
    {
      says: 'once an image was pulled',
      seen: { provisioningState: 'Creating', events: [event('Pulling'), event('Pulled')] },
      phase: 'starting',
    },
    {
      says: 'once a container was created',
      seen: { provisioningState: 'Creating', events: [event('Created')] },
      phase: 'starting',
    },
    {
      says: 'once a container was started',
      seen: { provisioningState: 'Creating', events: [event('Started')] },
      phase: 'starting',
    },
    { says: 'in a state that ARM may add one day', seen: { provisioningState: 'Levitating' }, phase: 'requested' },
    {
      says: 'while the public IP is missing',
      seen: { endpoint: { ports: [] }, events: [event('Pulled')] },
      phase: 'starting',
    },
    { says: 'while the containers are pending', seen: { instanceState: 'Pending' }, phase: 'requested' },
  ])('$says', ({ seen, phase }) => {
    expect(assess(seen)).toEqual({ verdict: 'wait', phase });
  });

  test('while there is no instance view', () => {
    expect(assessProvisioning(unborn, INCARNATION, 0)).toEqual({ verdict: 'wait', phase: 'requested' });
  });
});

describe('a provisioning is ready', () => {
  test('when the group runs and has its public IP', () => {
    expect(assess({})).toEqual({ verdict: 'ready', endpoint });
  });

  test('without a public IP when none was asked for', () => {
    expect(assess({ wantsPublicIP: false, endpoint: { ports: [] } })).toMatchObject({ verdict: 'ready' });
  });
});

describe('a provisioning failed', () => {
  test('when the resource stays gone, and not at the first look that misses it', () => {
    const missedFor = (ms: number) => assessProvisioning({ found: false }, INCARNATION, ms);
    expect(missedFor(0)).toEqual({ verdict: 'wait', phase: 'requested' });
    expect(missedFor(ABSENCE_CERTAIN_AFTER_MS - 1)).toEqual({ verdict: 'wait', phase: 'requested' });
    expect(missedFor(ABSENCE_CERTAIN_AFTER_MS)).toMatchObject({ failure: { code: 'deletedOutside' } });
  });

  test.each<{ says: string; seen: Partial<ObservedResource>; code: string; words: RegExp }>([
    {
      says: 'when the resource is of another incarnation',
      seen: { incarnation: 'other' },
      code: 'nameInUse',
      words: /left alone/,
    },
    {
      says: 'when the containers ended well before anybody could play',
      seen: { instanceState: 'Succeeded', containers: [] },
      code: 'containersExited',
      words: /no container was seen/,
    },
    {
      says: 'when the containers crashed, and says how',
      seen: { instanceState: 'Failed', containers: [crashed] },
      code: 'containersExited',
      words: /game Terminated with exit code 137 \(OOMKilled\)/,
    },
    {
      says: 'when the group was stopped',
      seen: { instanceState: 'Stopped', containers: [{ name: 'game', detailStatus: '' }] },
      code: 'containersExited',
      words: /game unknown\./,
    },
    {
      says: 'when the region has no room',
      seen: { provisioningState: 'Failed', events: [event('InsufficientCapacity.', 'No room.'), event('Failed', 'x')] },
      code: 'insufficientCapacity',
      words: /No room\. Try another region/,
    },
    {
      says: 'when an image could not be pulled',
      seen: { provisioningState: 'Failed', events: [event('Failed', 'Failed to pull image "nope".')] },
      code: 'imagePullFailed',
      words: /"nope"\. Check its name/,
    },
    {
      says: 'when an image could not be pulled, in whole sentences',
      seen: { provisioningState: 'Failed', events: [event('Failed', 'Failed to pull image "nope": not found')] },
      code: 'imagePullFailed',
      words: /not found\. Check its name/,
    },
    {
      says: 'with the last event when that is all there is to say',
      seen: { provisioningState: 'Failed', events: [event('Killing', 'Enough.')] },
      code: 'provisioningFailed',
      words: /Killing Enough\./,
    },
    {
      says: 'with its containers when there is no event',
      seen: { provisioningState: 'Canceled' },
      code: 'provisioningFailed',
      words: /as Canceled: game Running/,
    },
  ])('$says', ({ seen, code, words }) => {
    const assessment = assess(seen);
    expect(assessment).toMatchObject({ verdict: 'failed', failure: { code } });
    expect(JSON.stringify(assessment).replaceAll('\\"', '"')).toMatch(words);
  });

  test('when the resource does not say any more whose it is', () => {
    const { incarnation: _, ...unmarked } = ready;
    expect(assessProvisioning(unmarked, INCARNATION, 0)).toMatchObject({ failure: { code: 'tagMissing' } });
  });
});

describe('a deadline that is over', () => {
  test('says so when nothing was ever seen', () => {
    const failure = {
      code: 'deadlineExceeded',
      message: 'The group did not run within 30.0 min. ARM did not say anything of it.',
    };
    expect(explainDeadline(undefined, 1_800_000)).toEqual(failure);
    expect(explainDeadline({ found: false }, 1_800_000)).toEqual(failure);
  });

  test('blames the image when its pull was what took so long', () => {
    const events = [event('Failed', 'Failed to pull image "nope".'), event('BackOff')];
    expect(explainDeadline({ ...ready, events }, 60_000).code).toBe('imagePullFailed');
  });

  test('tells what was seen last', () => {
    expect(explainDeadline({ ...ready, provisioningState: 'Creating' }, 60_000)).toEqual({
      code: 'deadlineExceeded',
      message: 'The group did not run within 60.0 s. Last seen: Creating; game Running.',
    });
  });

  test('tells that a report is missing when it was waited for', () => {
    expect(explainDeadline(ready, 60_000, true).message).toContain('Its server has not reported');
  });
});

test('a provisioning that waits for a report is not ready without one, and fails all the same', () => {
  expect(awaitReport({ verdict: 'ready', endpoint }, false)).toEqual({ verdict: 'ready', endpoint });
  expect(awaitReport({ verdict: 'ready', endpoint }, true)).toEqual({ verdict: 'wait', phase: 'waitingForReport' });
  const failed = { verdict: 'failed', failure: { code: 'containersExited', message: 'It ended.' } } as const;
  expect(awaitReport(failed, true)).toEqual(failed);
});

test.each([
  [0, 10_000],
  [1, 15_000],
  [4, 50_625],
  [5, 60_000],
  [100, 60_000],
])('the wait after look %d is %d ms for a setting of ten seconds', (attempt, ms) => {
  expect(pollDelayMs(10_000, attempt)).toBe(ms);
});

test('the longest deadline has a thousand looks, the longest time apart', () => {
  expect(longestDeadlineMs(10_000)).toBe(1_000 * pollDelayMs(10_000, 1_000));
});
