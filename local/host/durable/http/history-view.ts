import { HistoryEventType } from '../replay/history-event.ts';
import type { HistoryEvent, SubOrchestrationInstanceCreated, TaskScheduled } from '../replay/history-event.ts';
import { OrchestrationStatus } from '../instance.ts';
import { parseJsonOrText } from '../replay/orchestrator-payload.ts';

/** What is shown besides the course of events. */
export interface HistoryViewOptions {
  showsInput: boolean;
  /** Whether results are in it. */
  showsOutput: boolean;
}

/**
 * The history as the HTTP API shows it: names instead of numbers, no bookkeeping, and what was scheduled merged into what came
 * of it (azure-functions-durable-extension, DurableClient.cs, GetOrchestrationStatusAsync with showHistory).
 */
export function toHistoryView(history: readonly HistoryEvent[], options: HistoryViewOptions): unknown[] {
  const scheduledById = new Map<number, TaskScheduled | SubOrchestrationInstanceCreated>();
  const completedIds = new Set<number>();
  for (const event of history) {
    if (isScheduling(event)) scheduledById.set(event.EventId, event);
    if (isCompletion(event)) completedIds.add(event.TaskScheduledId);
  }
  return history
    .filter((event) => !(isScheduling(event) && completedIds.has(event.EventId)) && !isBookkeeping(event))
    .map((event) => toEventView(event, scheduledById, options));
}

function isScheduling(event: HistoryEvent) {
  return (
    event.EventType === HistoryEventType.TaskScheduled ||
    event.EventType === HistoryEventType.SubOrchestrationInstanceCreated
  );
}

function isCompletion(event: HistoryEvent) {
  return (
    event.EventType === HistoryEventType.TaskCompleted ||
    event.EventType === HistoryEventType.TaskFailed ||
    event.EventType === HistoryEventType.SubOrchestrationInstanceCompleted ||
    event.EventType === HistoryEventType.SubOrchestrationInstanceFailed
  );
}

function isBookkeeping({ EventType }: HistoryEvent): boolean {
  return EventType === HistoryEventType.OrchestratorStarted || EventType === HistoryEventType.OrchestratorCompleted;
}

function toEventView(
  event: HistoryEvent,
  scheduledById: ReadonlyMap<number, TaskScheduled | SubOrchestrationInstanceCreated>,
  options: HistoryViewOptions,
): Record<string, unknown> {
  const { EventType, Timestamp } = event;
  return { EventType: nameOf(HistoryEventType, EventType), ...toDetails(event, scheduledById, options), Timestamp };
}

function toDetails(
  event: HistoryEvent,
  scheduledById: ReadonlyMap<number, TaskScheduled | SubOrchestrationInstanceCreated>,
  { showsInput, showsOutput }: HistoryViewOptions,
): Record<string, unknown> {
  const result = (text: string | null) => (showsOutput && text !== null ? { Result: parseJsonOrText(text) } : {});
  if (isCompletion(event)) {
    const outcome = 'Result' in event ? result(event.Result) : { Reason: event.Reason, Details: event.Details };
    return { ...outcome, ...describeScheduling(scheduledById.get(event.TaskScheduledId), showsInput) };
  }
  switch (event.EventType) {
    case HistoryEventType.ExecutionStarted: {
      const input = showsInput && event.Input !== null ? { Input: parseJsonOrText(event.Input) } : {};
      return { FunctionName: event.Name, ...input };
    }
    case HistoryEventType.ExecutionCompleted:
      return { OrchestrationStatus: nameOf(OrchestrationStatus, event.OrchestrationStatus), ...result(event.Result) };
    case HistoryEventType.TaskScheduled:
      return { Name: event.Name };
    case HistoryEventType.SubOrchestrationInstanceCreated:
      return { Name: event.Name, InstanceId: event.InstanceId };
    case HistoryEventType.TimerCreated:
    case HistoryEventType.TimerFired:
      return { FireAt: event.FireAt };
    case HistoryEventType.EventSent:
      return { InstanceId: event.InstanceId, Name: event.Name, Input: event.Input };
    case HistoryEventType.EventRaised:
      return { Name: event.Name, Input: event.Input };
    case HistoryEventType.GenericEvent:
      return { Data: event.Data };
    case HistoryEventType.ExecutionTerminated:
      return { Input: event.Input };
    case HistoryEventType.ExecutionSuspended:
    case HistoryEventType.ExecutionResumed:
      return { Reason: event.Reason };
    case HistoryEventType.OrchestratorStarted:
    case HistoryEventType.OrchestratorCompleted:
      return {};
  }
}

function describeScheduling(
  scheduled: TaskScheduled | SubOrchestrationInstanceCreated | undefined,
  showsInput: boolean,
): Record<string, unknown> {
  if (!scheduled) return {};
  const { Timestamp, Name, Input } = scheduled;
  return { ScheduledTime: Timestamp, FunctionName: Name, ...(showsInput && Input !== null && { Input }) };
}

function nameOf(names: Record<string, number>, number: number): string {
  return Object.keys(names).find((name) => names[name] === number) ?? String(number);
}
