import { describe, expect, test } from 'vitest';
import {
  MAX_OUTCOMES,
  MAX_TIMELINE_ENTRIES,
  type ContainerGroup,
} from '../../../../src/domain/group/container-group.ts';
import { decide } from '../../../../src/domain/group/decide.ts';
import type { Decision } from '../../../../src/domain/group/decision.ts';
import { acceptanceTable, type CommandName, type GroupPhase } from '../../../../src/domain/group/group-command.ts';
import {
  beingDeleted,
  BORN,
  commandsNotGuarded,
  createCommand,
  creating,
  failed,
  LATER,
  marked,
  refusedCreation,
  running,
  silent,
  vanished,
} from './group-fixture.ts';

const groups: Record<GroupPhase, ContainerGroup | undefined> = {
  absent: undefined,
  Creating: creating,
  Running: { ...running, maxLifetimeSeconds: 60 },
  MarkedForDeletion: marked,
  Failed: refusedCreation,
  beingDeleted,
};

const commands = commandsNotGuarded;
const { endpoint } = commands.provisioned;
const { failure } = commands.fail;

const phases: GroupPhase[] = ['absent', 'Creating', 'Running', 'MarkedForDeletion', 'Failed', 'beingDeleted'];

const cells = Object.values(commands).flatMap((command) =>
  phases.map((phase) => ({ command, phase, acceptance: acceptanceTable[command.command][phase] })),
);

test.each(cells)('$command.command in phase $phase: $acceptance', ({ command, phase, acceptance }) => {
  const unlike: Partial<Record<CommandName, ContainerGroup>> = { fail: silent, restore: vanished };
  const group = (phase === 'Failed' ? unlike[command.command] : undefined) ?? groups[phase];
  const decision = decide(group, command);
  if (acceptance === 'applies') {
    expect(decision.outcome).toBe('changed');
  } else if (acceptance === 'changesNothing') {
    expect(decision).toMatchObject({ outcome: 'unchanged' });
    expect(decision.group?.state).toBe(group?.state);
  } else {
    expect(decision).toMatchObject({ outcome: 'refused', refusal: { code: acceptance } });
    expect(decision.group?.state).toBe(group?.state);
  }
});

describe('the way of a group', () => {
  test('creation keeps what was asked for and begins the timeline', () => {
    const decision = decide(undefined, { ...createCommand, maxSessions: 8, labels: { fleet: 'eu' } });
    expect(decision.group).toMatchObject({
      state: 'Creating',
      createdAt: BORN,
      stateSince: BORN,
      activeSessions: 0,
      maxSessions: 8,
      labels: { fleet: 'eu' },
      timeline: [{ at: BORN, event: 'created', state: 'Creating', cause: 'request 1' }],
    });
  });

  test('a create repeated for the same incarnation changes nothing', () => {
    expect(decide(running, createCommand)).toEqual({ outcome: 'unchanged', group: running });
  });

  test('provisioned makes it Running with its endpoint', () => {
    const { group } = decide(creating, commands.provisioned);
    expect(group).toMatchObject({ state: 'Running', endpoint, stateSince: LATER });
  });

  test('a failure keeps the endpoint that was known', () => {
    const { group } = decide(running, commands.fail);
    expect(group).toMatchObject({ state: 'Failed', failure, endpoint: running.endpoint });
  });

  test('the end of a deletion leaves no group', () => {
    expect(decide(beingDeleted, commands.finishDelete)).toEqual({ outcome: 'changed', group: undefined });
  });

  test('a group deleted while it was being created is marked without an endpoint', () => {
    const { group } = decide(creating, commands.beginDelete);
    expect(group).toMatchObject({ state: 'MarkedForDeletion', deletion: { requestedAt: LATER, cause: 'force' } });
    expect(group).not.toHaveProperty('endpoint');
  });

  test('a failed group that is deleted stays Failed with its failure', () => {
    const { group } = decide(failed, { ...commands.beginDelete, cause: 'request 2' });
    expect(group).toMatchObject({ state: 'Failed', failure: failed.failure, deletion: { cause: 'request 2' } });
  });

  test('the old state leaves nothing behind that is not true any more', () => {
    expect(decide(creating, commands.provisioned).group).not.toHaveProperty('failure');
    expect(decide(failed, commands.recordAbsence).group).not.toHaveProperty('deletion');
  });

  test('the timeline keeps its newest entries', () => {
    let decision: Decision = { outcome: 'changed', group: running };
    for (let count = 0; count <= MAX_TIMELINE_ENTRIES; count += 1) {
      const at = `2026-11-24T11:00:00.${String(count).padStart(3, '0')}Z`;
      decision = decide(
        { ...running, timeline: decision.group?.timeline ?? [] },
        {
          ...commands.fail,
          at,
        },
      );
    }
    expect(decision.group?.timeline).toHaveLength(MAX_TIMELINE_ENTRIES);
    expect(decision.group?.timeline.at(-1)?.at).toBe('2026-11-24T11:00:00.040Z');
  });
});

describe('commands that want an answer', () => {
  test('the outcome is kept, a refusal with its reason', () => {
    expect(decide(running, commands.mark).group?.outcomes).toEqual([{ commandId: 'c1', at: LATER }]);
    expect(decide(creating, commands.mark).group?.outcomes).toMatchObject([
      { commandId: 'c1', refusal: { code: 'stillCreating' } },
    ]);
  });

  test('the same command again changes nothing, whatever happened in between', () => {
    const once = decide(running, commands.mark).group;
    const revived: ContainerGroup = { ...running, outcomes: once?.outcomes ?? [] };
    expect(decide(revived, commands.mark)).toEqual({ outcome: 'unchanged', group: revived });
    const refused = decide(creating, commands.mark).group;
    expect(decide({ ...running, outcomes: refused?.outcomes ?? [] }, commands.mark)).toMatchObject({
      outcome: 'refused',
    });
  });

  test('the newest outcomes push the oldest out', () => {
    let group: ContainerGroup | undefined = marked;
    for (let count = 0; count <= MAX_OUTCOMES; count += 1) {
      ({ group } = decide(group, { command: 'mark', at: LATER, commandId: `c${count}` }));
    }
    expect(group?.outcomes).toHaveLength(MAX_OUTCOMES);
    expect(group?.outcomes[0]?.commandId).toBe('c1');
  });

  test('an absent group keeps no outcome', () => {
    expect(decide(undefined, commands.mark)).toMatchObject({ outcome: 'refused', group: undefined });
  });
});

describe('incarnations', () => {
  test.each([
    'provisioned',
    'failProvisioning',
    'rotateToken',
    'finishDelete',
    'recordAbsence',
    'recordTagMissing',
    'recordEndpoint',
    'recordFailure',
    'restore',
  ] as const)('%s about an earlier incarnation is refused', (name) => {
    const command = { ...commands[name], incarnation: 'zeroth' };
    for (const group of [creating, running, marked, failed, beingDeleted]) {
      expect(decide(group, command)).toMatchObject({
        outcome: 'refused',
        group,
        refusal: { code: 'otherIncarnation' },
      });
    }
  });

  test('a session report that names no incarnation is taken for the present one', () => {
    expect(decide(running, commands.reportSessions).outcome).toBe('changed');
    const named = { ...commands.reportSessions, incarnation: 'zeroth' };
    expect(decide(running, named)).toMatchObject({ refusal: { code: 'otherIncarnation' } });
  });
});
