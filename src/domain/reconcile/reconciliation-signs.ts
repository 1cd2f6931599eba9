import { describeMs, elapsedMs, type Instant } from '../time.ts';
import type { Reconciliation } from './reconciling.ts';

/** What is seen of an eternal reconciliation that runs; of its status as much as can be read. */
export interface SeenReconciliation {
  lastUpdatedTime: Instant;
  status: { readonly last?: Reconciliation | undefined } | undefined;
}

/** Beyond its interval: a turn tries what fails four times, waits two minutes for its second looks, and a message is hidden for a minute or five. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Whether the eternal reconciliation does its work, and the line of the log that says so. The alert *reconciliation-not-running* counts the lines
 * of one that goes on (infra/queries): they begin `The reconciliation goes on:`, and those of one that does not otherwise.
 */
export function readReconciliationSigns(
  { lastUpdatedTime, status }: SeenReconciliation,
  at: Instant,
  reconcileIntervalMs: number,
): { goesOn: boolean; line: string } {
  const silenceMs = elapsedMs(lastUpdatedTime, at);
  const last = status?.last;
  if (silenceMs > reconcileIntervalMs + PATIENCE_MS) {
    return { goesOn: false, line: `The reconciliation is stuck: nothing has come of it for ${describeMs(silenceMs)}.` };
  }
  if (last?.failed.some(({ resourceGroup }) => resourceGroup === '*') === true) {
    const line = `The reconciliation broke: reconciliation ${last.number}; its report says where (GET ACIGC).`;
    return { goesOn: false, line };
  }
  const held = last?.failed.filter(({ failure }) => failure.code === 'massAbsence') ?? [];
  if (last !== undefined && held.length > 0) {
    const where = held.map(({ resourceGroup }) => resourceGroup).join(', ');
    const line = `The reconciliation holds back: in reconciliation ${last.number} most groups of ${where} were not in Azure (GET ACIGC).`;
    return { goesOn: false, line };
  }
  const result = last === undefined ? 'none has ended yet.' : resultOf(last);
  return { goesOn: true, line: `The reconciliation goes on: ${result}` };
}

function resultOf({ number, comparedCount, ghostCount, orphanCount, driftCount, failedCount }: Reconciliation): string {
  const found = `found ${ghostCount} ghosts, ${orphanCount} orphans, ${driftCount} differences, failed with ${failedCount}`;
  return `reconciliation ${number} compared ${comparedCount}, ${found}.`;
}
