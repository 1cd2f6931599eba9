import { describe, expect, test } from 'vitest';
import { containerGroupOperations } from '../../../src/entities/container-group.ts';
import { beingDeleted, BORN, createCommand, creating, LATER, marked, running } from '../domain/group/group-fixture.ts';

const incarnation = 'first';
const { command: _, ...createInput } = createCommand;

describe('an operation', () => {
  test('keeps the group that its command makes, and answers with it', () => {
    const { state, reply, log } = containerGroupOperations.create(undefined, createInput);
    expect(state).toEqual(creating);
    expect(reply).toMatchObject({ outcome: 'changed', incarnation, group: { state: 'Creating' } });
    expect(log).toBe('Games/game-1 (new) → Creating');
  });

  test('that is refused leaves the group as it is and says why', () => {
    const { state, reply } = containerGroupOperations.provisioned(marked, {
      at: LATER,
      incarnation,
      endpoint: running.endpoint,
    });
    expect(state).toEqual(marked);
    expect(reply).toMatchObject({ outcome: 'refused', refusal: { code: 'notCreating' } });
  });

  test('on no group answers without one', () => {
    const { state, reply } = containerGroupOperations.mark(undefined, { at: LATER, commandId: 'c1' });
    expect(state).toBeUndefined();
    expect(reply).toMatchObject({ outcome: 'refused', refusal: { code: 'unknownGroup' } });
    expect(reply).not.toHaveProperty('group');
  });

  test('that ends a deletion leaves no state', () => {
    const { state, reply, log } = containerGroupOperations.finishDelete(beingDeleted, { at: LATER, incarnation });
    expect(state).toBeUndefined();
    expect(reply).toEqual({ outcome: 'changed' });
    expect(log).toBe('Games/game-1 MarkedForDeletion → deleted after 5.0 min');
  });
});

describe('the log', () => {
  test('has where a group runs, and how long that took', () => {
    const { log } = containerGroupOperations.provisioned(creating, {
      at: LATER,
      incarnation,
      endpoint: running.endpoint,
    });
    expect(log).toBe('Games/game-1 Creating → Running 20.0.0.1 in 5.0 min');
  });

  test('says that a private group has no public IP', () => {
    const { log } = containerGroupOperations.provisioned(creating, { at: BORN, incarnation, endpoint: { ports: [] } });
    expect(log).toBe('Games/game-1 Creating → Running without a public IP in 0 ms');
  });

  test('has why a group failed', () => {
    const failure = { code: 'imagePullFailed', message: 'There is no such image.' } as const;
    const { log } = containerGroupOperations.failProvisioning(creating, { at: LATER, incarnation, failure });
    expect(log).toBe('Games/game-1 Creating → Failed in 5.0 min: imagePullFailed: There is no such image.');
  });

  test('has nothing of a report, which changes no state', () => {
    expect(containerGroupOperations.reportSessions(running, { at: LATER, activeSessions: 1 })).not.toHaveProperty(
      'log',
    );
  });
});

describe('a look', () => {
  test('changes nothing', () => {
    const { state, reply } = containerGroupOperations.look(running, { incarnation });
    expect(state).toBe(running);
    expect(reply).toMatchObject({ outcome: 'unchanged', group: { state: 'Running' } });
  });

  test('at another incarnation is refused', () => {
    const { state, reply } = containerGroupOperations.look(running, { incarnation: 'second' });
    expect(state).toBe(running);
    expect(reply).toMatchObject({ outcome: 'refused', refusal: { code: 'otherIncarnation' } });
  });

  test('at no group finds none', () => {
    expect(containerGroupOperations.look(undefined, { incarnation }).reply).toEqual({ outcome: 'unchanged' });
  });
});
