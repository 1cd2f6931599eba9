import type { Endpoint } from './container-group.ts';
import type { Instant } from '../time.ts';

/** What ARM showed of one container group's resource, in the words of ACI, at one look. */
export type Observation = { found: false } | ObservedResource;

/** A resource that is there. */
export interface ObservedResource {
  found: true;
  /** The tag `aci-incarnation`; absent on a resource that this product did not create. */
  incarnation?: string;
  /** Pending, Creating, Repairing, Succeeded, Failed, …; the words that aren't final may change (azure-rest-api-specs). */
  provisioningState: string;
  /** instanceView.state of the group: Pending, Running, Stopped, Succeeded, Failed. */
  instanceState?: string;
  endpoint: Endpoint;
  wantsPublicIP: boolean;
  containers: ObservedContainer[];
  /** Of the group and of its containers, oldest first. */
  events: ObservedEvent[];
}

/** One container of it, as its instance view has it. */
export interface ObservedContainer {
  name: string;
  /** Waiting, Running, Terminated. */
  state?: string;
  detailStatus?: string;
  exitCode?: number;
  restartCount?: number;
}

/** What happened to the group or one of its containers, and how often. */
export interface ObservedEvent {
  /** Pulling, Pulled, Created, Started, Killing, Failed, BackOff, InsufficientCapacity., … */
  name: string;
  message: string;
  count: number;
  lastAt?: Instant;
}
