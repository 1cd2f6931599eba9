import { z } from 'zod';
import { Completion } from './coroutine.ts';
import type { DurableFunctionKind } from '../work/function-invoker.ts';
import { HistoryEventType, toTimestamp } from './history-event.ts';
import type { EventRaised, EventSent, ScheduledEvent } from './history-event.ts';
import type { EntityRequest } from '../entity-request.ts';

/** What a scheduled event sends out of the orchestration once the episode is committed. */
export type OutboundWork =
  | { kind: 'activity'; taskId: number; name: string; input: unknown }
  | {
      kind: 'subOrchestration';
      taskId: number;
      name: string;
      version: string;
      instanceId: string;
      input: string | null;
    }
  | { kind: 'timer'; timerId: number; fireAtMs: number }
  | { kind: 'entityRequest'; entityInstanceId: string; request: EntityRequest };

/** Something the orchestrator asked for: the event that history keeps, and the work. */
export interface Scheduled {
  event: ScheduledEvent;
  work: OutboundWork;
}

/** What a replay needs to know of the world around it. */
export interface ReplayEnvironment {
  instanceId: string;
  executionId: string;
  hasFunction(kind: DurableFunctionKind, name: string): boolean;
  nextGuid(): string;
  storesInputs: boolean;
  /** That of a sub-orchestration which is given none. */
  defaultVersion: string;
}

/** What an EventSent carries to an entity, and what comes back (azure-functions-durable-extension, RequestMessage.cs, ResponseMessage.cs). */
const requestMessage = z.object({ id: z.string() });
const responseMessage = z.object({ exceptionType: z.string().optional() });

/** Thrown while replaying when the instance has to fail, whatever else it waits for. */
export class ReplayFailure extends Error {}

/** The tasks, waiters and sequence ids of one execution while its history is replayed. */
export class ReplayContext {
  readonly environment: ReplayEnvironment;
  /** The time of the episode that is being replayed: the orchestrator's clock. */
  nowMs = 0;
  /** Scheduled by the replay and not yet seen in history, by sequence id; what is left at the end is new. */
  readonly pending = new Map<number, Scheduled>();
  #nextSequenceId = 0;
  readonly #openTasks = new Map<number, Completion>();
  readonly #gatingTaskIds = new Set<number>();
  readonly #entityWaiters = new Map<string, Completion>();
  readonly #eventWaiters = new Map<string, Completion[]>();
  readonly #earlyEventCounts = new Map<string, number>();

  constructor(environment: ReplayEnvironment) {
    this.environment = environment;
  }

  /** Whether nothing that keeps an orchestration from finishing is open: activities, sub-orchestrations, live timers. */
  get mayFinish(): boolean {
    return this.#gatingTaskIds.size === 0;
  }

  nextSequenceId(): number {
    return this.#nextSequenceId++;
  }

  /** Schedules something; `gates` says whether the orchestration can't finish before it settles. */
  schedule(scheduled: Scheduled, { gates }: { gates: boolean }): Completion {
    const id = scheduled.event.EventId;
    const completion = new Completion();
    this.pending.set(id, scheduled);
    this.#openTasks.set(id, completion);
    if (gates) this.#gatingTaskIds.add(id);
    return completion;
  }

  /** Notes that history holds the event; throws when the replay did not schedule the same thing under the same id. */
  confirm(event: ScheduledEvent): void {
    const scheduled = this.pending.get(event.EventId);
    if (!scheduled || describe(scheduled.event) !== describe(event)) {
      const found = scheduled ? `it now schedules ${describe(scheduled.event)}` : 'it now schedules nothing';
      throw new ReplayFailure(
        `Non-Deterministic workflow detected: history has ${describe(event)} as step ${event.EventId}, but ${found} there. ` +
          'The orchestrator was changed while the instance ran, or it depends on something that is not in its history.',
      );
    }
    this.pending.delete(event.EventId);
    if (event.EventType === HistoryEventType.EventSent) this.#awaitResponse(event);
  }

  /** Settles an activity, sub-orchestration or timer; a result nobody waits for (a duplicate) does nothing. */
  settleTask(id: number, succeeded: boolean): void {
    const completion = this.#openTasks.get(id);
    this.#openTasks.delete(id);
    this.#gatingTaskIds.delete(id);
    completion?.settle(succeeded);
  }

  /** Waits for an external event; one that came early is taken, the earliest first. Names don't care about case here. */
  awaitEvent(name: string): Completion {
    const key = name.toLowerCase();
    const completion = new Completion();
    const earlyCount = this.#earlyEventCounts.get(key) ?? 0;
    if (earlyCount > 0) {
      this.#earlyEventCounts.set(key, earlyCount - 1);
      completion.settle(true);
    } else {
      this.#eventWaiters.set(key, [...(this.#eventWaiters.get(key) ?? []), completion]);
    }
    return completion;
  }

  /** Delivers an event: an entity's response to its caller, any other to the newest waiter of that name, else it is kept. */
  deliver(event: EventRaised): void {
    const caller = this.#entityWaiters.get(event.Name);
    if (caller) {
      this.#entityWaiters.delete(event.Name);
      caller.settle(!isFailedResponse(event));
      return;
    }
    const key = event.Name.toLowerCase();
    const newestWaiter = this.#eventWaiters.get(key)?.pop();
    if (newestWaiter) newestWaiter.settle(true);
    else this.#earlyEventCounts.set(key, (this.#earlyEventCounts.get(key) ?? 0) + 1);
  }

  timestamp(): string {
    return toTimestamp(this.nowMs);
  }

  /** A response names the request it answers, so from here on the task is known by that name. */
  #awaitResponse(event: EventSent): void {
    const completion = this.#openTasks.get(event.EventId);
    this.#openTasks.delete(event.EventId);
    const { id } = requestMessage.parse(JSON.parse(event.Input));
    if (completion?.isOpen) this.#entityWaiters.set(id, completion);
  }
}

function describe(event: ScheduledEvent): string {
  switch (event.EventType) {
    case HistoryEventType.TaskScheduled:
      return `activity '${event.Name}'`;
    case HistoryEventType.SubOrchestrationInstanceCreated:
      return `sub-orchestration '${event.Name}'`;
    case HistoryEventType.TimerCreated:
      return 'a timer';
    case HistoryEventType.EventSent:
      return `operation '${event.Name}' on ${event.InstanceId}`;
  }
}

function isFailedResponse(event: EventRaised): boolean {
  return responseMessage.parse(JSON.parse(event.Input ?? '{}')).exceptionType !== undefined;
}
