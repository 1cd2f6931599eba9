import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import { adopted, BORN, commandsNotGuarded as commands, failed, LATER, marked, running } from './group-fixture.ts';

const { failure } = commands.fail;

describe('a group that was found in Azure', () => {
  const known = { ...commands.adopt, maxSessions: 8, labels: { fleet: 'eu' } };

  test('is adopted as it runs, with sessions that nobody knows and any token of its incarnation', () => {
    const { group } = decide(undefined, known);
    expect(group).toMatchObject({
      state: 'Running',
      incarnation: 'second',
      endpoint: running.endpoint,
      createdAt: LATER,
      activeSessions: 0,
      sessionsUnknownSince: LATER,
      maxSessions: 8,
      labels: { fleet: 'eu' },
      token: { digest: 'token-1', generation: 1, isAdopted: true },
      timeline: [{ at: LATER, event: 'adopted', state: 'Running', cause: 'reconciliation 1' }],
    });
  });

  test('is adopted as a failure where it does not run', () => {
    expect(decide(undefined, { ...known, failure }).group).toMatchObject({
      state: 'Failed',
      failure,
      timeline: [{ event: 'adopted', state: 'Failed', detail: failure.code }],
    });
  });

  test('is adopted once, and never in the place of another', () => {
    const { group } = decide(undefined, known);
    expect(decide(group, known)).toEqual({ outcome: 'unchanged', group });
    expect(decide(running, known)).toMatchObject({ outcome: 'refused', refusal: { code: 'alreadyExists' } });
  });

  test('has known sessions from its first report on', () => {
    const reported = decide(adopted, { ...commands.reportSessions, activeSessions: 0 }).group;
    expect(reported).not.toHaveProperty('sessionsUnknownSince');
  });

  test('has the token of its next rotation alone, whichever it had, and that one for its grace', () => {
    const { rotateToken } = commands;
    const rotated = decide(adopted, { ...rotateToken, generation: 5, previousDigest: 'token-4' }).group;
    expect(rotated?.token).toEqual({
      digest: 'token-2',
      generation: 5,
      issuedAt: LATER,
      previous: { digest: 'token-4', validUntil: rotateToken.graceUntil },
    });
    expect(decide(adopted, { ...rotateToken, generation: 1 }).outcome).toBe('unchanged');
    expect(decide(adopted, rotateToken).group?.token).toMatchObject({ previous: { digest: 'token-1' } });
  });
});

describe('what Azure shows of a group that runs', () => {
  test('moves it to another address without another word on its state', () => {
    const { group } = decide(running, commands.recordEndpoint);
    expect(group).toMatchObject({ state: 'Running', endpoint: { publicIP: '20.0.0.2' }, stateSince: BORN });
    expect(group?.timeline.at(-1)).toMatchObject({
      event: 'endpointChanged',
      detail: '20.0.0.1 → 20.0.0.2, 7777/UDP → none',
    });
    expect(decide(marked, commands.recordEndpoint).group).toMatchObject({ state: 'MarkedForDeletion' });
    expect(decide(running, { ...commands.recordEndpoint, endpoint: running.endpoint }).outcome).toBe('unchanged');
  });

  test('fails it with the reason', () => {
    const { group } = decide(marked, commands.recordFailure);
    expect(group).toMatchObject({
      state: 'Failed',
      failure: commands.recordFailure.failure,
      endpoint: marked.endpoint,
    });
    expect(group?.timeline.at(-1)).toMatchObject({ event: 'failedInAzure' });
  });

  test('tells one that never had an address by other words that it is gone', () => {
    const message = (group: ContainerGroup): unknown => {
      const { group: after } = decide(group, commands.recordAbsence);
      return after?.state === 'Failed' ? after.failure.message : undefined;
    };
    expect(message(running)).toContain('was deleted in Azure by somebody else');
    expect(message(failed)).toContain('is not in Azure');
  });
});
