/** Why a provisioning fails although it was accepted. */
export type ProvisioningFailure = 'imagePull' | 'capacity' | 'timeout';

interface Step {
  /** Milliseconds since the epoch. */
  atMs: number;
  /** It comes of an incident, and does not come any more when incidents are set anew. */
  isIncident?: true;
}

/** How a container ends, and how long each of its runs is; without `ranMs` only this one ends so. */
export interface ContainerExit {
  container: number;
  exitCode: number;
  ranMs?: number;
  /** Why; `Completed` or `Error` when absent. */
  detailStatus?: string;
  /** A restarted container runs on that would end at this time or later. */
  untilMs?: number | undefined;
  /** There is no back-off, since it ended for no reason of its own. */
  restartsAtOnce?: boolean;
}

/** One thing that happens to a group by itself; `container` is an index. */
export type PlannedStep = Step &
  (
    | { kind: 'creating'; ip?: string }
    | { kind: 'pulling' | 'pulled' | 'pullFailed' | 'created' | 'started'; container: number }
    | ({ kind: 'exited' | 'restarted' } & ContainerExit)
    | { kind: 'succeeded' }
    | { kind: 'failed'; reason: ProvisioningFailure }
  );

/** What is done to a group by others: the platform moves or loses it, somebody changes its tags or deletes it. */
export type OutsideStep = Step &
  (
    | { kind: 'moved'; ip?: string }
    | { kind: 'lost' }
    | { kind: 'retagged'; tags: Record<string, string> }
    | { kind: 'deleted' }
  );

/** One thing that happens to a group at a time. */
export type ProvisioningStep = PlannedStep | OutsideStep;

/** Tells whether a step is done to a group by others. */
export function isOutsideStep(step: ProvisioningStep): step is OutsideStep {
  return step.kind === 'moved' || step.kind === 'lost' || step.kind === 'retagged' || step.kind === 'deleted';
}
