import { describeMs, elapsedMs, type Instant } from '../time.ts';
import type { Inspection } from './inspecting.ts';

/** What is seen of an eternal inspection that runs; of its status as much as can be read. */
export interface SeenInspection {
  lastUpdatedTime: Instant;
  status: { readonly last?: Inspection | undefined } | undefined;
}

/** Beyond its interval: a turn asks four times for what ARM refuses, as late as ARM says, and a message is hidden for a minute or five. */
const PATIENCE_MS = 20 * 60_000;

/** The line of the log that says that the eternal inspection does not do its work; undefined while it does. */
export function findInspectionTrouble(
  { lastUpdatedTime, status }: SeenInspection,
  at: Instant,
  inspectIntervalMs: number,
): string | undefined {
  const silenceMs = elapsedMs(lastUpdatedTime, at);
  const last = status?.last;
  if (silenceMs > inspectIntervalMs + PATIENCE_MS) {
    return `The inspection is stuck: nothing has come of it for ${describeMs(silenceMs)}.`;
  }
  return last?.isBroken === true
    ? `The inspection broke: inspection ${last.number}; its report says where (GET ACIGC).`
    : undefined;
}
