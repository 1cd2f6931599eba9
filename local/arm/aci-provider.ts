import type { Clock } from '../clock/clock.ts';
import type { ArmDatabase } from './server/arm-database.ts';
import type { AsyncOperation, AsyncOperationStore, OperationStatus } from './server/async-operation.ts';
import type { ContainerRuntime } from './containers/container-runtime.ts';
import type { ContainerGroup } from './groups/container-group.ts';
import type { EnvironmentSeal } from './groups/container-environment.ts';
import type { ContainerGroupStore } from './groups/container-group-store.ts';
import { showAllEvents } from './groups/container-group-view.ts';
import { makeResourceEvent, type ResourceAction, type ResourceActionOutcome } from './events/event-grid-event.ts';
import type { EventOutbox } from './events/event-outbox.ts';
import { planDeliveries, publishEvent } from './events/event-publication.ts';
import { eventFaults } from './faults/event-faults.ts';
import type { Faults } from './faults/faults.ts';
import type { Incidents } from './faults/incidents.ts';
import type { SeededRandom } from './faults/seeded-random.ts';
import type { TimingProfile } from './groups/lifecycle/timing-profile.ts';
import type { WriteWindows } from './groups/write-window.ts';

/** What the operations of Microsoft.ContainerInstance work with. */
export interface AciProvider {
  subscriptionId: string;
  /** The emulator's own address, for links in its answers. */
  endpoint: string;
  clock: Clock;
  random: SeededRandom;
  timing: TimingProfile;
  database: ArmDatabase;
  groups: ContainerGroupStore;
  /** What runs the containers, or lets their plan alone say what they do. */
  containers: ContainerRuntime;
  operations: AsyncOperationStore;
  writes: WriteWindows;
  environments: EnvironmentSeal;
  outbox: EventOutbox;
  faults(): Faults;
  incidents: Incidents;
  log(line: string): void;
  /** Says that something new may be due. Call it after a transaction. */
  changed(): void;
}

/** Keeps a group with the operation that a request has begun on it, of which the request's id is the id; part of the caller's transaction. */
export function beginOperation(provider: AciProvider, id: string, group: ContainerGroup, action: ResourceAction): void {
  const { location, resourceGroup, name } = group;
  group.operationId = id;
  provider.groups.save(group);
  const startedMs = provider.clock.now();
  provider.operations.save({ id, location, startedMs, status: 'Pending', resourceGroup, name, action, events: [] });
}

/** Ends a group's operation and publishes its event; part of the caller's transaction. */
export function endOperation(
  provider: AciProvider,
  group: ContainerGroup,
  status: Extract<OperationStatus, 'Succeeded' | 'Failed' | 'Canceled'>,
): AsyncOperation | undefined {
  const operation = group.operationId === undefined ? undefined : provider.operations.find(group.operationId);
  delete group.operationId;
  if (!operation) return undefined;
  provider.operations.save({ ...operation, status, events: showAllEvents(group) });
  publishAction(provider, group, operation.action, OUTCOMES[status]);
  return operation;
}

/** Publishes the event about a request that has taken effect; part of the caller's transaction. */
export function publishAction(
  provider: AciProvider,
  group: ContainerGroup,
  action: ResourceAction,
  outcome: ResourceActionOutcome,
): void {
  const { clock, random, timing, outbox, subscriptionId } = provider;
  const atMs = clock.now();
  const key = `${action.correlationId} ${action.operationName} ${outcome}`;
  const event = makeResourceEvent(subscriptionId, group, action, outcome, { atMs, random, key });
  const faults = eventFaults(provider, group, key, atMs);
  publishEvent(outbox, event, atMs, planDeliveries(atMs, faults, timing, random, key));
}

const OUTCOMES = { Succeeded: 'Success', Failed: 'Failure', Canceled: 'Cancel' } as const;
