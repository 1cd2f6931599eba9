import type { Instant } from '../time.ts';

/** How one run of a container ended, as ARM shows it. */
export interface RunEnd {
  /** Absent where ARM shows none, as of a container that was stopped on demand. */
  exitCode?: number;
  /** Completed, Error, OOMKilled, …; absent where ARM says nothing. */
  reason?: string;
}

/** One container of a resource, as its instance view has it. */
export interface InspectedContainer {
  name: string;
  /** Waiting, Running, Terminated; absent while ARM shows no instance of it. */
  state?: string;
  detailStatus?: string;
  /** When its present run began; absent of one that does not run, or where ARM does not say. */
  runningSince?: Instant;
  /** Absent while ARM shows no instance of it. */
  restartCount?: number;
  /** How its newest run that has ended did: the present one of a container that is Terminated, else the one before. */
  lastEnd?: RunEnd;
}

/** A resource as an inspection looks at it. */
export interface InspectedResource {
  /** The tag `aci-incarnation`. */
  incarnation?: string;
  provisioningState: string;
  /** Always, OnFailure, Never. */
  restartPolicy: string;
  /** instanceView.state of the group: Pending, Running, Stopped, Succeeded, Failed. */
  groupState?: string;
  containers: InspectedContainer[];
  /** Whether its containers were given secrets other than the variable that the app adds; ARM shows their names alone. */
  hasOwnSecrets: boolean;
}
