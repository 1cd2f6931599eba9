import { availableParallelism } from 'node:os';
import type { Clock } from '../../clock/clock.ts';
import type { SteadyClock } from '../../clock/steady-clock.ts';
import { FileHealth } from '../../sqlite/file-health.ts';
import { StorageUnavailable } from '../../sqlite/storage-error.ts';
import { createPlatform, type PlatformName } from './platform/platform.ts';
import { createRandom } from '../random.ts';
import { openDurableStore } from './store/durable-store.ts';
import type { DurableStore } from './store/durable-store.ts';
import type { Engine } from './work/engine.ts';
import type { DurableFunctionInvoker } from './work/function-invoker.ts';
import type { Wakeups } from './store/group-commit.ts';
import { ClientDelivery } from './platform/client-delivery.ts';
import { countQueries } from './counting-client.ts';
import { createCostCounter } from './costs.ts';
import type { DurableCosts } from './costs.ts';
import { createHubClient } from './hub-client.ts';
import type { HubClient } from './hub-client.ts';
import { createIdSource } from './ids.ts';
import { runActivity } from './work/run-activity.ts';
import { runEntity } from './work/run-entity.ts';
import { runOrchestration } from './work/run-orchestration.ts';
import { Redelivery } from './work/redelivery.ts';
import { TimerService } from './work/timer-service.ts';
import { WorkQueue } from './work/work-queue.ts';

/** What a hub needs, and the settings of host.json that change what it does. */
export interface DurableHubOptions {
  hubName: string;
  /** A file for node:sqlite, or ':memory:'. */
  databasePath: string;
  clock: Clock;
  invoker: DurableFunctionInvoker;
  /** 0 to 1, seeded by the caller. */
  random: () => number;
  /** Default `gentle`. */
  platform?: PlatformName;
  /** What the platform's chances come from, 0 to 1; of its own, so that ids don't depend on the platform. Default: seed 1. */
  chance?: () => number;
  /** Default 5000, as outside of the Consumption plan (learn.microsoft.com/azure/azure-functions/durable/durable-functions-bindings, host.json). */
  maxEntityOperationBatchSize?: number;
  /** These three: default 10 per core (same page). */
  maxConcurrentActivityFunctions?: number;
  maxConcurrentOrchestratorFunctions?: number;
  maxConcurrentEntityFunctions?: number;
  /** Default false. */
  storeInputsInOrchestrationHistory?: boolean;
  /** Default 'NonRunningStates': only a finished instance may be replaced by a new one of its id. */
  overridableExistingInstanceStates?: 'NonRunningStates' | 'AnyState';
  /** The version of new orchestrations that are given none, and of the host itself; default none. */
  defaultVersion?: string;
  /** Default 'CurrentOrOlder': which versions of orchestrations run here, seen from the host's own. */
  versionMatchStrategy?: 'None' | 'Strict' | 'CurrentOrOlder';
  /** Default 'Reject': an orchestration of another version waits for a host that takes it. */
  versionFailureStrategy?: 'Reject' | 'Fail';
  /** How long messages that an earlier process has left stay hidden; both default 5 minutes (same page, storageProvider). */
  controlQueueVisibilityTimeoutMs?: number;
  workItemQueueVisibilityTimeoutMs?: number;
  /** Of the host's files; default: the hub's own. */
  health?: FileHealth;
  log: (level: 'information' | 'warning' | 'error', message: string) => void;
}

const DEFAULT_VISIBILITY_TIMEOUT_MS = 5 * 60_000;

/** A task hub: runs orchestrations, activities and entities on a durable store. */
export interface DurableHub {
  readonly name: string;
  /** What the management API does to it. */
  readonly client: HubClient;
  /** What it has done since it was opened. */
  costs(): DurableCosts;
  /** Resumes what the store holds: work items that are ready, and timers. */
  start(): void;
  /** Waits for the work items under way and closes the store. */
  stop(): Promise<void>;
  /** Resolves when no work item runs and none is ready; timers in the future don't count. */
  whenIdle(): Promise<void>;
  /** When the earliest durable timer falls due, or a message becomes visible, in milliseconds since the epoch. */
  nextTimerAtMs(): number | undefined;
}

/** Opens the hub's store; nothing runs before `start`, but its client already takes requests. */
export function openDurableHub(options: DurableHubOptions): DurableHub {
  const { hubName, clock, log } = options;
  const health = options.health ?? new FileHealth(clock, (line) => log('error', line));
  const store = openDurableStore(options.databasePath, { clock, health }, wake);
  const engine = createEngine(options, store);
  const orchestrations = createQueue('orchestration', options.maxConcurrentOrchestratorFunctions, runOrchestration);
  const activities = createQueue('activity', options.maxConcurrentActivityFunctions, runActivity);
  const entities = createQueue('entity', options.maxConcurrentEntityFunctions, runEntity);
  const queues = [orchestrations, activities, entities];
  const timers = new TimerService(store, reportTimerError, noticeProgress);
  const delivery = new ClientDelivery(engine.platform, reportCopyError, noticeProgress);
  const redelivery = new Redelivery(store.queueClock, store.visibility, resume);
  const idleWaiters: (() => void)[] = [];
  const stopWaiters: (() => void)[] = [];

  hideWhatWasInFlight(engine, options);
  return {
    name: hubName,
    client: countQueries(createHubClient(engine, delivery), engine.costs.queries),
    costs: () => engine.costs.snapshot(),
    start,
    stop,
    whenIdle,
    nextTimerAtMs: () => earliest(store.queueClock, store.timers.firstAtMs(), redelivery.nextAtMs()),
  };

  function createQueue<Key extends string | number>(
    what: string,
    maxConcurrent: number = 10 * availableParallelism(),
    run: (engine: Engine, key: Key) => Promise<void>,
  ): WorkQueue<Key> {
    return new WorkQueue<Key>({
      maxConcurrent,
      clock,
      run: (key) => run(engine, key),
      onError: (key, error, retryDelayMs) =>
        log(
          'error',
          `The ${what} work item '${key}' failed and is tried again in ${retryDelayMs} ms: ${describe(error)}`,
        ),
      onSettled: noticeProgress,
    });
  }

  function wake({ instanceIds, entityIds, activitySequences, haveTimersChanged }: Wakeups): void {
    for (const instanceId of instanceIds) orchestrations.add(instanceId);
    for (const entityId of entityIds) entities.add(entityId);
    for (const sequence of activitySequences) activities.add(sequence);
    if (haveTimersChanged) timers.rearm();
    noticeProgress();
  }

  function resume(): void {
    for (const instanceId of store.messages.instanceIds()) orchestrations.add(instanceId);
    for (const entityId of store.entities.entityIdsWithMessages()) entities.add(entityId);
    for (const sequence of store.activities.sequences(store.queueClock.now())) activities.add(sequence);
  }

  function start(): void {
    resume();
    redelivery.start();
    for (const queue of queues) queue.start();
    timers.start();
  }

  async function stop(): Promise<void> {
    for (const queue of queues) queue.stop();
    timers.stop();
    redelivery.stop();
    health.stop();
    if (!isAtRest()) await new Promise<void>((resolve) => stopWaiters.push(resolve));
    store.close();
  }

  async function whenIdle(): Promise<void> {
    if (!isIdle()) await new Promise<void>((resolve) => idleWaiters.push(resolve));
  }

  /** Waiters are looked at in a turn of their own: one transition often makes the next thing ready within its turn. */
  function noticeProgress(): void {
    if (idleWaiters.length + stopWaiters.length > 0) setImmediate(releaseWaiters);
  }

  function releaseWaiters(): void {
    if (stopWaiters.length > 0 && isAtRest()) for (const resolve of stopWaiters.splice(0)) resolve();
    if (idleWaiters.length > 0 && isIdle()) for (const resolve of idleWaiters.splice(0)) resolve();
  }

  function isIdle(): boolean {
    return store.commit.isIdle && delivery.isIdle && queues.every((queue) => queue.isIdle) && timers.isIdle;
  }

  function isAtRest(): boolean {
    return store.commit.isIdle && delivery.isIdle && !queues.some((queue) => queue.isRunning) && !timers.isFiring;
  }

  function reportCopyError(error: unknown): void {
    if (error instanceof StorageUnavailable) return;
    log('error', `The second copy of a client's message could not be delivered: ${describe(error)}`);
  }

  function reportTimerError(error: unknown): void {
    if (error instanceof StorageUnavailable) return;
    log('error', `Durable timers that are due could not be fired, and are tried again: ${describe(error)}`);
  }
}

function createEngine(options: DurableHubOptions, store: DurableStore): Engine {
  const { clock, invoker, log, random } = options;
  return {
    store,
    clock,
    invoker,
    log,
    ids: createIdSource(random, store.openCount),
    platform: createPlatform(options.platform ?? 'gentle', options.chance ?? createRandom(1)),
    costs: createCostCounter(),
    settings: {
      maxEntityOperationBatchSize: options.maxEntityOperationBatchSize ?? 5000,
      storeInputsInOrchestrationHistory: options.storeInputsInOrchestrationHistory ?? false,
      overridableExistingInstanceStates: options.overridableExistingInstanceStates ?? 'NonRunningStates',
      defaultVersion: options.defaultVersion ?? '',
      versionMatchStrategy: options.versionMatchStrategy ?? 'CurrentOrOlder',
      versionFailureStrategy: options.versionFailureStrategy ?? 'Reject',
    },
  };
}

/** In Azure a queue shows a message again that nobody deleted, but not before its time-out (seen: 302 to 306 s by default). */
function hideWhatWasInFlight({ store, platform }: Engine, options: DurableHubOptions): void {
  const {
    controlQueueVisibilityTimeoutMs: controlQueueMs = DEFAULT_VISIBILITY_TIMEOUT_MS,
    workItemQueueVisibilityTimeoutMs: workItemQueueMs = DEFAULT_VISIBILITY_TIMEOUT_MS,
  } = options;
  if (platform.name === 'gentle') store.visibility.showAll();
  else if (store.openCount > 1) store.visibility.hide(store.queueClock.now(), { controlQueueMs, workItemQueueMs });
}

/** Of times by the queues' clock; by the machine's. */
function earliest(queueClock: SteadyClock, ...timesMs: (number | undefined)[]): number | undefined {
  const known = timesMs.filter((each) => each !== undefined);
  return known.length > 0 ? Math.min(...known) - queueClock.aheadMs() : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
