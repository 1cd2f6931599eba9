import { describe, expect, test } from 'vitest';
import type { ContainerGroup } from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { CommandOf } from '../../../../src/domain/group/group-command.ts';
import { BORN, failed, LATER, marked, running, silent } from './group-fixture.ts';

const inspection = { command: 'recordInspection', at: LATER, cause: 'inspection 7', incarnation: 'first' } as const;
const failure = { code: 'containerCrashed', message: 'server ended with exit code 137.' } as const;
const container = { containerName: 'server', exitCode: 137, restartCount: 1, lastLines: ['ann joined'] };
const crash: CommandOf<'recordInspection'> = {
  ...inspection,
  ending: { event: 'crashed', failure, container, allEnded: true },
};
const loop: CommandOf<'recordInspection'> = { ...inspection, ending: { event: 'crashLoop', failure, container } };
const restarts = { since: BORN, containers: [{ name: 'server', before: 0, count: 1 }] };
const restart: CommandOf<'recordInspection'> = { ...inspection, restarts, restarted: 'server once' };
const known = { containerEnd: { at: LATER, ...container } };

describe('the end of the containers', () => {
  test('fails a group that runs, with how it came and the last lines', () => {
    const { group } = decide({ ...running, activeSessions: 2 }, { ...crash, restarts });
    expect(group).toMatchObject({ state: 'Failed', failure, ...known, allEndedAt: LATER, restarts, activeSessions: 2 });
    expect(group?.timeline.at(-1)).toEqual({
      at: LATER,
      state: 'Failed',
      event: 'crashed',
      detail: failure.message,
      cause: 'inspection 7',
    });
  });

  test('again and again fails it as well, and leaves its sessions their protection', () => {
    const { group } = decide(running, loop);
    expect(group).toMatchObject({ state: 'Failed', failure, ...known });
    expect(group).not.toHaveProperty('allEndedAt');
  });

  test('is why a server was silent', () => {
    expect(decide(silent, loop).group).toMatchObject({ state: 'Failed', failure, ...known });
  });

  test.each<[string, ContainerGroup]>([
    ['is marked', marked],
    ['has failed', failed],
  ])('leaves a group that %s as it is, and says so', (_, before) => {
    const { group } = decide(before, crash);
    expect(group).toEqual({
      ...before,
      ...known,
      allEndedAt: LATER,
      timeline: [...before.timeline, expect.objectContaining({ event: 'crashed', state: before.state })],
    });
  });

  test('is none any more once the group runs again', () => {
    const over = { ...silent, ...known, allEndedAt: BORN };
    const { group } = decide(over, { command: 'reportSessions', at: LATER, source: 'server', activeSessions: 1 });
    expect(group).toMatchObject({ state: 'Running' });
    expect(group).not.toHaveProperty('containerEnd');
    expect(group).not.toHaveProperty('allEndedAt');
  });

  test('is told once', () => {
    const over = { ...failed, ...known, allEndedAt: LATER };
    expect(decide(over, { ...crash, restarts })).toEqual({ outcome: 'unchanged', group: over });
    expect(decide(over, loop)).toEqual({ outcome: 'unchanged', group: over });
    const looping = { ...failed, ...known };
    expect(decide(looping, loop)).toEqual({ outcome: 'unchanged', group: looping });
  });

  test('of all comes after that of one, and is found again where somebody was heard of in between', () => {
    expect(decide({ ...failed, ...known }, crash).group).toMatchObject({
      allEndedAt: LATER,
      timeline: [{}, { event: 'crashed' }],
    });
    const heard = { ...failed, ...known, allEndedAt: BORN, lastReport: { at: '2026-11-24T10:01:00.000Z' } };
    expect(decide(heard, crash).group).toEqual({ ...heard, allEndedAt: LATER });
  });
});

describe('a restart', () => {
  test('is told in the timeline, and drops no sessions: only another boot does', () => {
    const { group } = decide({ ...running, activeSessions: 2 }, restart);
    expect(group).toMatchObject({ state: 'Running', stateSince: BORN, activeSessions: 2, restarts });
    expect(group?.timeline.at(-1)).toMatchObject({
      event: 'containerRestarted',
      detail: 'server once; 2 sessions stay until the server reports another boot',
    });
    expect(decide(marked, restart).group?.timeline.at(-1)).toMatchObject({
      detail: 'server once',
      state: 'MarkedForDeletion',
    });
  });

  test('that is known changes nothing, and counts alone tell nothing', () => {
    expect(decide({ ...running, restarts }, restart).outcome).toBe('unchanged');
    expect(decide(running, inspection).outcome).toBe('unchanged');
    expect(decide(running, { ...inspection, restarts }).group).toEqual({ ...running, restarts });
  });
});
