/** How the end of a container is judged. */
export interface ContainerEnd {
  restartPolicy: string | undefined;
  exitCode: number;
  ranMs: number;
  /** How many runs before this one ended soon after they began, in a row. */
  shortRuns: number;
}

/** Back-off before a container is restarted: 10 s, doubling up to five minutes (kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle#restart-policy). */
const FIRST_BACK_OFF_MS = 10_000;
const LAST_BACK_OFF_MS = 300_000;

/** Whoever ran this long without problems begins with the first back-off again (the same page). */
const LONG_RUN_MS = 10 * 60 * 1000;

/**
 * Decides after how long a container starts again, and how many short runs there were; undefined where it stays ended: with `Never`, and with
 * `OnFailure` after exit code 0 (learn.microsoft.com/azure/container-instances/container-instances-restart-policy).
 */
export function decideRestart(end: ContainerEnd): { backOffMs: number; shortRuns: number } | undefined {
  const { restartPolicy, exitCode } = end;
  if (restartPolicy !== 'Always' && (restartPolicy !== 'OnFailure' || exitCode === 0)) return undefined;
  const before = end.ranMs < LONG_RUN_MS ? end.shortRuns : 0;
  return { backOffMs: Math.min(FIRST_BACK_OFF_MS * 2 ** before, LAST_BACK_OFF_MS), shortRuns: before + 1 };
}
