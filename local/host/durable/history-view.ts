import { HistoryEventType } from './history-event.ts';
import type { HistoryEvent, SubOrchestrationInstanceCreated, TaskScheduled } from './history-event.ts';
import { OrchestrationStatus } from './instance.ts';
import { parseJsonOrText } from './orchestrator-payload.ts';

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
  { showsInput, showsOutput }: HistoryViewOptions,
): Record<string, unknown> {
  const view: Record<string, unknown> = { ...event, EventType: nameOf(HistoryEventType, event.EventType) };
  for (const name of ['EventId', 'TaskScheduledId', 'TimerId', 'Version']) delete view[name];
  if (event.EventType === HistoryEventType.ExecutionStarted) {
    for (const name of ['Name', 'OrchestrationInstance', 'ParentInstance', 'Tags', 'Input']) delete view[name];
    view['FunctionName'] = event.Name;
    if (showsInput && event.Input !== null) view['Input'] = parseJsonOrText(event.Input);
  }
  if (event.EventType === HistoryEventType.ExecutionCompleted) {
    view['OrchestrationStatus'] = nameOf(OrchestrationStatus, event.OrchestrationStatus);
  }
  if (isCompletion(event))
    Object.assign(view, describeScheduling(scheduledById.get(event.TaskScheduledId), showsInput));
  if ('Result' in event) {
    if (showsOutput && event.Result !== null) view['Result'] = parseJsonOrText(event.Result);
    else delete view['Result'];
  }
  return view;
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
