import { describe, expect, test } from 'vitest';
import { hasLeftNothing, leavesNothing } from '../../../../src/domain/group/left-nothing.ts';
import { failures, type FailureCode } from '../../../../src/domain/failure.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import { createCommand, creating, failed, LATER, refusedCreation, running } from './group-fixture.ts';

/** What the request to create a group can fail with (`ContainerGroups.create`), and whether Azure may have taken it all the same. */
const rows: { code: FailureCode; is: boolean }[] = [
  { code: 'specRefused', is: true },
  { code: 'imageInaccessible', is: true },
  { code: 'dnsLabelTaken', is: true },
  { code: 'nameInUse', is: true },
  { code: 'quotaReached', is: true },
  { code: 'insufficientCapacity', is: true },
  { code: 'notAuthorized', is: true },
  { code: 'providerNotRegistered', is: true },
  { code: 'resourceGroupNotFound', is: true },
  { code: 'unsealFailed', is: false },
  { code: 'throttled', is: true },
  { code: 'armUnavailable', is: false },
  { code: 'transitioning', is: false },
  { code: 'registryUnavailable', is: false },
  { code: 'notFound', is: false },
  { code: 'internal', is: false },
];

describe('a request to create a group', () => {
  test.each(rows)('that ended as $code has left nothing in Azure for certain: $is', ({ code, is }) => {
    expect(leavesNothing({ code, message: 'ARM says no.' })).toBe(is);
  });

  test('may have left something when a newer version of the app knows why it failed', () => {
    expect(Object.keys(failures)).not.toContain('newlyKnown');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a code that is stored need not be one of ours
    expect(leavesNothing({ code: 'newlyKnown' as FailureCode, message: 'It is new.' })).toBe(false);
  });
});

test('a group has left nothing in Azure only when it failed so', () => {
  expect(hasLeftNothing(refusedCreation)).toBe(true);
  expect(hasLeftNothing(failed)).toBe(false);
  expect(hasLeftNothing(running)).toBe(false);
});

const incarnation = 'first';
const failure = { code: 'quotaReached', message: 'There is no quota.' } as const;
const provisioned = { command: 'provisioned', at: LATER, incarnation, endpoint: running.endpoint } as const;
const failProvisioning = { command: 'failProvisioning', at: LATER, incarnation, failure } as const;
const beginDelete = { command: 'beginDelete', at: LATER, mode: 'force', sessionsStaleAfterMs: 1000 } as const;
const finishDelete = { command: 'finishDelete', at: LATER, incarnation } as const;
const recordAbsence = { command: 'recordAbsence', at: LATER, incarnation } as const;

describe('the way of a refused creation', () => {
  test('a creation that left nothing in Azure is replaced by another incarnation, which keeps nothing of it', () => {
    const again = { ...createCommand, incarnation: 'second', at: LATER, tokenDigest: 'token-2' };
    const { group } = decide({ ...refusedCreation, activeSessions: 2 }, again);
    expect(group).toEqual(decide(undefined, again).group);
  });

  test.each([
    ['may have left something in Azure', failed],
    ['is being forgotten', { ...refusedCreation, deletion: { requestedAt: LATER, cause: 'sweep 1' } }],
  ])('a creation that %s is not replaced', (_, group) => {
    expect(decide(group, { ...createCommand, incarnation: 'second' })).toMatchObject({
      outcome: 'refused',
      group,
      refusal: { code: 'alreadyExists' },
    });
  });

  test('what a late word of the earlier creation says is refused by the one in its place', () => {
    const { group } = decide(refusedCreation, { ...createCommand, incarnation: 'second' });
    for (const command of [provisioned, failProvisioning, finishDelete]) {
      expect(decide(group, command)).toMatchObject({
        outcome: 'refused',
        group,
        refusal: { code: 'otherIncarnation' },
      });
    }
    const ofTheFirst = { ...beginDelete, incarnation };
    expect(decide(group, ofTheFirst)).toMatchObject({ refusal: { code: 'otherIncarnation' } });
  });

  test('that a creation left nothing in Azure is known as long as its failure is', () => {
    const { group } = decide(creating, { ...failProvisioning, leftNothing: true });
    expect(group).toMatchObject({ state: 'Failed', failure, leftNothing: true });
    expect(decide(group, beginDelete).group).toMatchObject({ leftNothing: true });
    expect(decide(group, recordAbsence).group).not.toHaveProperty('leftNothing');
    expect(decide(creating, failProvisioning).group).not.toHaveProperty('leftNothing');
  });
});
