/** The numbers that the Durable Task framework gives its history events (Azure/durabletask, src/DurableTask.Core/History/EventType.cs). */
export const HistoryEventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventSent: 14,
  EventRaised: 15,
  GenericEvent: 17,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

type Types = typeof HistoryEventType;

/** What every history event has; `EventId` is -1 unless the event schedules something, `Timestamp` is ISO 8601 UTC. */
interface Common<Name extends keyof Types> {
  EventType: Types[Name];
  EventId: number;
  Timestamp: string;
}

/** Which orchestration started this one, and under which sequence id it waits for the outcome. */
export interface ParentInstance {
  Name: string;
  OrchestrationInstance: { InstanceId: string; ExecutionId: string };
  TaskScheduleId: number;
  Version: string;
}

/** The first event of an execution; `Input` is JSON text. */
export interface ExecutionStarted extends Common<'ExecutionStarted'> {
  OrchestrationInstance: { InstanceId: string; ExecutionId: string };
  ParentInstance: ParentInstance | null;
  Name: string;
  /** Null when it has none. */
  Version: string | null;
  Input: string | null;
  Tags: null;
}
/** The last event of an execution; `OrchestrationStatus` is a number, `Result` JSON text or a sentence. */
export interface ExecutionCompleted extends Common<'ExecutionCompleted'> {
  OrchestrationStatus: number;
  Result: string | null;
  FailureDetails: null;
}
interface ExecutionTerminated extends Common<'ExecutionTerminated'> {
  Input: string;
}
/** An activity was scheduled; `Input` is kept only if host.json says so. */
export interface TaskScheduled extends Common<'TaskScheduled'> {
  Name: string;
  Version: string;
  Input: string | null;
}
/** An activity returned; `Result` is JSON text. */
export interface TaskCompleted extends Common<'TaskCompleted'> {
  TaskScheduledId: number;
  Result: string | null;
}
/** An activity threw. */
export interface TaskFailed extends Common<'TaskFailed'> {
  TaskScheduledId: number;
  Reason: string;
  Details: string;
  FailureDetails: null;
}
/** A sub-orchestration was scheduled. */
export interface SubOrchestrationInstanceCreated extends Common<'SubOrchestrationInstanceCreated'> {
  Name: string;
  Version: string;
  InstanceId: string;
  Input: string | null;
}
interface SubOrchestrationInstanceCompleted extends Common<'SubOrchestrationInstanceCompleted'> {
  TaskScheduledId: number;
  Result: string | null;
}
interface SubOrchestrationInstanceFailed extends Common<'SubOrchestrationInstanceFailed'> {
  TaskScheduledId: number;
  Reason: string;
  Details: string;
  FailureDetails: null;
}
interface TimerCreated extends Common<'TimerCreated'> {
  FireAt: string;
}
/** A timer fell due. */
export interface TimerFired extends Common<'TimerFired'> {
  TimerId: number;
  FireAt: string;
}
type OrchestratorStarted = Common<'OrchestratorStarted'>;
type OrchestratorCompleted = Common<'OrchestratorCompleted'>;
/** An operation was sent to an entity; `Input` is the JSON text of the request message. */
export interface EventSent extends Common<'EventSent'> {
  InstanceId: string;
  Name: string;
  Input: string;
}
/** An external event, or the response of an entity (then named after the request); `Input` is JSON text. */
export interface EventRaised extends Common<'EventRaised'> {
  Name: string;
  Input: string | null;
}
/** Only wakes the orchestration; `Data` says why. */
interface GenericEvent extends Common<'GenericEvent'> {
  Data: string;
}
interface ExecutionSuspended extends Common<'ExecutionSuspended'> {
  Reason: string;
}
interface ExecutionResumed extends Common<'ExecutionResumed'> {
  Reason: string;
}

/** An event that says that the orchestration scheduled something; its `EventId` is the sequence id. */
export type ScheduledEvent = TaskScheduled | SubOrchestrationInstanceCreated | TimerCreated | EventSent;

/** One line of an orchestration's history, with the member names of the wire (PascalCase). */
export type HistoryEvent =
  | ExecutionStarted
  | ExecutionCompleted
  | ExecutionTerminated
  | ScheduledEvent
  | TaskCompleted
  | TaskFailed
  | SubOrchestrationInstanceCompleted
  | SubOrchestrationInstanceFailed
  | TimerFired
  | OrchestratorStarted
  | OrchestratorCompleted
  | EventRaised
  | GenericEvent
  | ExecutionSuspended
  | ExecutionResumed;

/** Reads back an event that this hub has written. */
export function parseHistoryEvent(text: string): HistoryEvent {
  // oxlint-disable-next-line no-unsafe-type-assertion -- only this hub writes them, as `JSON.stringify` of a `HistoryEvent`
  return JSON.parse(text) as HistoryEvent;
}

/** Reads back a parent that this hub has written. */
export function parseParentInstance(text: string): ParentInstance {
  // oxlint-disable-next-line no-unsafe-type-assertion -- only this hub writes them, as `JSON.stringify` of a `ParentInstance`
  return JSON.parse(text) as ParentInstance;
}

/** ISO 8601 UTC with milliseconds, as history events carry it. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
