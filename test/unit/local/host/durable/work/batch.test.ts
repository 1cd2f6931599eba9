import { describe, expect, it } from 'vitest';
import { chooseBatch } from '../../../../../../local/host/durable/work/batch.ts';
import { HistoryEventType } from '../../../../../../local/host/durable/replay/history-event.ts';
import type { HistoryEvent } from '../../../../../../local/host/durable/replay/history-event.ts';
import type { Instance, InstanceStatus } from '../../../../../../local/host/durable/instance.ts';
import type { InstanceMessage } from '../../../../../../local/host/durable/store/message-store.ts';

const common = { EventId: -1, Timestamp: '2026-01-01T00:00:00.000Z' };
const EVENTS = {
  start: {
    ...common,
    EventType: HistoryEventType.ExecutionStarted,
    OrchestrationInstance: { InstanceId: 'a', ExecutionId: 'e1' },
    ParentInstance: null,
    Name: 'o',
    Version: '',
    Input: null,
    Tags: null,
  },
  event: { ...common, EventType: HistoryEventType.EventRaised, Name: 'go', Input: null },
  suspend: { ...common, EventType: HistoryEventType.ExecutionSuspended, Reason: '' },
  resume: { ...common, EventType: HistoryEventType.ExecutionResumed, Reason: '' },
  terminate: { ...common, EventType: HistoryEventType.ExecutionTerminated, Input: 'enough' },
} satisfies Record<string, HistoryEvent>;

function messages(...names: (keyof typeof EVENTS)[]): InstanceMessage[] {
  return names.map((name, index) => ({ sequence: index + 1, executionId: null, event: EVENTS[name] }));
}

function instance(status: InstanceStatus): Instance {
  return {
    instanceId: 'a',
    executionId: 'e1',
    name: 'o',
    version: '',
    status,
    input: null,
    output: null,
    customStatus: null,
    parent: null,
    createdAtMs: 0,
    updatedAtMs: 0,
  };
}

describe.each([
  { status: 'Running', waiting: ['event', 'event'], taken: [1, 2], isSuspended: false },
  { status: 'Running', waiting: ['event', 'suspend', 'event'], taken: [1, 2], isSuspended: true },
  { status: 'Running', waiting: ['suspend', 'event', 'resume', 'event'], taken: [1, 2, 3, 4], isSuspended: false },
  { status: 'Running', waiting: ['suspend', 'resume', 'suspend', 'event'], taken: [1, 2, 3], isSuspended: true },
  { status: 'Running', waiting: ['suspend', 'suspend'], taken: [1], isSuspended: true },
  { status: 'Suspended', waiting: ['event', 'event'], taken: [], isSuspended: true },
  { status: 'Suspended', waiting: ['event', 'resume', 'event'], taken: [1, 2, 3], isSuspended: false },
  { status: 'Suspended', waiting: ['resume', 'event', 'suspend', 'event'], taken: [1, 2, 3], isSuspended: true },
  { status: 'Suspended', waiting: ['suspend', 'event'], taken: [], isSuspended: true },
] as const)('$status with $waiting', ({ status, waiting, taken, isSuspended }) => {
  it(`takes ${taken.join(', ') || 'nothing'}`, () => {
    const batch = chooseBatch(instance(status), messages(...waiting));
    expect(batch.kind).toBe('episode');
    expect(batch.messages.map(({ sequence }) => sequence)).toEqual(taken);
    expect(batch).toMatchObject({ isSuspended, outdated: [] });
  });
});

describe('the batch', () => {
  it('is a termination wherever one is in it, suspended or not', () => {
    const batch = chooseBatch(instance('Suspended'), messages('event', 'terminate', 'event'));
    expect(batch).toMatchObject({ kind: 'terminate', reason: 'enough' });
    expect(batch.messages).toHaveLength(3);
  });

  it.each(['Completed', 'Failed', 'Terminated'] as const)('of an instance that is %s is discarded', (status) => {
    expect(chooseBatch(instance(status), messages('event')).kind).toBe('discard');
  });

  it('of an instance that is gone is discarded', () => {
    expect(chooseBatch(undefined, messages('event')).kind).toBe('discard');
  });

  it('begins with the start of the execution, even when older messages have come to light since', () => {
    const [event, start] = messages('event', 'start');
    if (!event || !start) throw new Error('two messages were made');
    expect(chooseBatch(instance('Running'), [event, { ...start, executionId: 'e1' }]).messages).toMatchObject([
      { sequence: 2 },
      { sequence: 1 },
    ]);
  });

  it('leaves out what is for another execution', () => {
    const [first, second] = messages('event', 'event');
    if (!first || !second) throw new Error('two messages were made');
    const batch = chooseBatch(instance('Running'), [
      { ...first, executionId: 'e0' },
      { ...second, executionId: 'e1' },
    ]);
    expect(batch).toMatchObject({ kind: 'episode', messages: [{ sequence: 2 }], outdated: [{ sequence: 1 }] });
  });
});
