import type { DurableClient } from '../durable/durable-client.ts';
import { findInspectionTrouble } from '../domain/inspect/inspection-signs.ts';
import { readReconciliationSigns } from '../domain/reconcile/reconciliation-signs.ts';
import { isAtRest, LOOK_GOOD_FOR_MS } from '../domain/sweep/at-rest.ts';
import { readSweepSigns } from '../domain/sweep/sweep-signs.ts';
import { toInstant } from '../domain/time.ts';
import { eternalInspection } from './eternal-inspection.ts';
import { ensureRunning, type Ensured } from './eternal-orchestration.ts';
import { eternalReconciliation } from './eternal-reconciliation.ts';
import { eternalSweep } from './eternal-sweep.ts';
import { purgePages } from './purge-pages.ts';
import type { TimerLog } from './register-triggers.ts';

/** Three lines in the shortest time that the alert looks back, ten minutes (infra/modules/alerts.bicep), and no more than a person bears to see. */
const MINUTES_BETWEEN_SIGNS = 3;

/** How the eternal orchestrations are watched. */
interface Watch {
  now: () => number;
  log: TimerLog;
  sweepIntervalMs: number;
  reconcileIntervalMs: number;
  inspectIntervalMs: number;
}

/**
 * Starts the eternal sweep, the eternal reconciliation and the eternal inspection when they do not run: at the first start of the app, after a turn
 * of an older version, and should they ever stop. Says every third minute that the first two go on, which alerts count, and every minute that one of
 * the three does not.
 */
export async function restartEternalOrchestrations(client: DurableClient, watch: Watch): Promise<void> {
  try {
    await watchSweep(client, watch);
  } finally {
    try {
      await watchReconciliation(client, watch);
    } finally {
      await watchInspection(client, watch);
    }
  }
}

async function watchSweep(client: DurableClient, { now, log, sweepIntervalMs }: Watch): Promise<void> {
  const ensured = await ensureRunning(client, eternalSweep);
  if (ensured.is === 'running') {
    say(readSweepSigns(ensured.found, toInstant(now()), sweepIntervalMs), now(), log);
  }
  sayRestart('sweep', ensured, log);
}

async function watchReconciliation(client: DurableClient, { now, log, reconcileIntervalMs }: Watch): Promise<void> {
  const ensured = await ensureRunning(client, eternalReconciliation);
  if (ensured.is === 'running') {
    say(readReconciliationSigns(ensured.found, toInstant(now()), reconcileIntervalMs), now(), log);
  }
  sayRestart('reconciliation', ensured, log);
}

async function watchInspection(client: DurableClient, { now, log, inspectIntervalMs }: Watch): Promise<void> {
  const ensured = await ensureRunning(client, eternalInspection);
  const trouble =
    ensured.is === 'running' ? findInspectionTrouble(ensured.found, toInstant(now()), inspectIntervalMs) : undefined;
  if (trouble !== undefined) log.error(trouble);
  sayRestart('inspection', ensured, log);
}

/** The first start of the app is no restart. */
function sayRestart(what: string, ensured: Ensured<unknown>, log: TimerLog): void {
  if (ensured.is === 'started' && ensured.endedAs !== undefined) {
    const { endedAs, number } = ensured;
    log.info(`The eternal ${what} had ended as ${endedAs}; it was started again with ${what} ${number}.`);
  }
}

function say({ goesOn, line }: { goesOn: boolean; line: string }, nowMs: number, log: TimerLog): void {
  if (!goesOn) {
    log.error(line);
  } else if (Math.round(nowMs / 60_000) % MINUTES_BETWEEN_SIGNS === 0) {
    log.info(line);
  }
}

/**
 * Removes the orchestrations that ended before the retention time, with their histories. Otherwise one would stay until another of its id is
 * started. Each is looked at once more and purged by its id: the backend's own purge goes by when an instance was created, so that a long one
 * would go as soon as it ends, and what was started anew under its id since the list was read would go with its history. A look that took long is
 * not acted upon either: older extensions purge an instance that runs, too.
 */
export function purgeHistories(
  client: DurableClient,
  { now, log, historyRetentionMs }: { now: () => number; log: (message: string) => void; historyRetentionMs: number },
): Promise<void> {
  return purgePages({
    what: 'ended orchestrations',
    log,
    now,
    // What ended before the retention time was created before it, too.
    readPage: (page) => client.endedRows(new Date(now() - historyRetentionMs), page),
    isCandidate: (row, at) => isAtRest([row], at, historyRetentionMs),
    purge: async ({ instanceId }) => {
      const lookedAtMs = now();
      const isOver = isAtRest([await client.row(instanceId)], toInstant(lookedAtMs), historyRetentionMs);
      return isOver && now() - lookedAtMs < LOOK_GOOD_FOR_MS && client.purge(instanceId);
    },
  });
}
