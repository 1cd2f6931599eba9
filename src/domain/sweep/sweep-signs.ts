import { describeMs, elapsedMs, type Instant } from '../time.ts';
import type { SweepReport } from './garbage.ts';

/** What is seen of an eternal sweep that runs; of its status as much as can be read. */
export interface SeenSweep {
  lastUpdatedTime: Instant;
  status: { readonly last?: SweepReport | undefined } | undefined;
}

/** Beyond its interval: a turn waits five minutes at the most for the pace of its deletions, and a message is hidden for a minute or five. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Whether the eternal sweep does its work, and the line of the log that says so. The alert *sweep-not-running* counts the lines of one that goes
 * on, and the workbook counts all three kinds (infra/queries): they begin `The sweep goes on:`, `The sweep broke:` and `The sweep is stuck:`.
 */
export function readSweepSigns(
  { lastUpdatedTime, status }: SeenSweep,
  at: Instant,
  sweepIntervalMs: number,
): { goesOn: boolean; line: string } {
  const silenceMs = elapsedMs(lastUpdatedTime, at);
  const last = status?.last;
  if (silenceMs > sweepIntervalMs + PATIENCE_MS) {
    return { goesOn: false, line: `The sweep is stuck: nothing has come of it for ${describeMs(silenceMs)}.` };
  }
  if (last?.broken === true) {
    return { goesOn: false, line: `The sweep broke: sweep ${last.number}; its report says where (GET ACIGC).` };
  }
  return { goesOn: true, line: `The sweep goes on: ${last === undefined ? 'none has ended yet.' : resultOf(last)}` };
}

function resultOf({ number, collectedCount, keptCount, failedCount }: SweepReport): string {
  return `sweep ${number} collected ${collectedCount}, kept ${keptCount}, failed with ${failedCount}.`;
}
