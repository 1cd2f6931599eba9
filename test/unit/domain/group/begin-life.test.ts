import { describe, expect, test } from 'vitest';
import { decide } from '../../../../src/domain/group/decide.ts';
import { adopted, commandsNotGuarded as commands, LATER, running } from './group-fixture.ts';

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
});
