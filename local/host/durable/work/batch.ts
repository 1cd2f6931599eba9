import { HistoryEventType } from '../replay/history-event.ts';
import type { Instance } from '../instance.ts';
import { isFinished } from '../instance.ts';
import type { InstanceMessage } from '../store/message-store.ts';

/** What the messages that wait for an instance ask for. */
export type Batch =
  /** Nothing can be done with these, now or later. */
  | { kind: 'discard'; messages: InstanceMessage[] }
  | { kind: 'terminate'; messages: InstanceMessage[]; reason: string }
  /** `outdated` belongs to an earlier execution; what comes after the batch stays queued while the instance is suspended. */
  | { kind: 'episode'; messages: InstanceMessage[]; outdated: InstanceMessage[]; isSuspended: boolean };

/** Decides what becomes of an instance's waiting messages, all of them, in the order of their arrival. */
export function chooseBatch(instance: Instance | undefined, waiting: readonly InstanceMessage[]): Batch {
  const messages = [...waiting];
  if (!instance || isFinished(instance.status)) return { kind: 'discard', messages };
  const isCurrent = ({ executionId }: InstanceMessage) => executionId === null || executionId === instance.executionId;
  const current = startFirst(messages.filter(isCurrent));
  const outdated = messages.filter((message) => !isCurrent(message));
  for (const { event } of current) {
    if (event.EventType === HistoryEventType.ExecutionTerminated) {
      return { kind: 'terminate', messages, reason: event.Input };
    }
  }
  const { count, isSuspended } = countProcessable(current, instance.status === 'Suspended');
  return { kind: 'episode', messages: current.slice(0, count), outdated, isSuspended };
}

/** What was hidden after a crash may come to light ahead of the start of an execution that began meanwhile. */
function startFirst(messages: readonly InstanceMessage[]): readonly InstanceMessage[] {
  const start = messages.find(({ event }) => event.EventType === HistoryEventType.ExecutionStarted);
  return !start || start === messages[0] ? messages : [start, ...messages.filter((message) => message !== start)];
}

/** While suspended, messages wait; those up to the last resumption, or up to the suspension itself, are processed. */
function countProcessable(messages: readonly InstanceMessage[], wasSuspended: boolean) {
  let isSuspended = wasSuspended;
  let count = 0;
  for (const [index, { event }] of messages.entries()) {
    const isSuspension = !isSuspended && event.EventType === HistoryEventType.ExecutionSuspended;
    if (isSuspension) isSuspended = true;
    if (event.EventType === HistoryEventType.ExecutionResumed) isSuspended = false;
    if (!isSuspended || isSuspension) count = index + 1;
  }
  return { count, isSuspended };
}
