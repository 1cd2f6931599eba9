/** Why a provisioning fails although it was accepted. */
export type ProvisioningFailure = 'imagePull' | 'capacity' | 'timeout';

/** One thing that happens to a group at a time (milliseconds since the epoch); `container` is an index. */
export type ProvisioningStep = { atMs: number } & (
  | { kind: 'creating' }
  | { kind: 'pulling' | 'pulled' | 'pullFailed' | 'created' | 'started'; container: number }
  | { kind: 'exited'; container: number; exitCode: number; ranMs: number }
  | { kind: 'restarted'; container: number; exitCode: number; ranMs: number }
  | { kind: 'succeeded' }
  | { kind: 'failed'; reason: ProvisioningFailure }
);
