/**
 * How long a test may take, and its hooks, before it counts as hung. The slowest takes some ten seconds alone; nothing fails because other
 * work keeps the machine busy.
 */
export const TEST_PATIENCE_MS = 600_000;

/** How long a test waits in real time for one thing that must come; below the time of a test, so that it can say what did not come. */
export const WAIT_PATIENCE_MS = 240_000;

/** The same in Azure, for each test and each wait: a group is pulled and started in a minute or two, and on a bad day in many. */
export const AZURE_PATIENCE_MS = 1_800_000;
