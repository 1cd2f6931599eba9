import { anySweep, sweepNow } from '../../contracts/garbage-collection.ts';
import { anyInspection } from '../../contracts/inspection.ts';
import { anyReconciliation } from '../../contracts/reconciliation.ts';
import { defined } from '../../domain/defined.ts';
import type { SweepReport } from '../../domain/sweep/garbage.ts';
import { begunSweep } from '../../domain/sweep/sweeping.ts';
import {
  COLLECT_GARBAGE_INSTANCE_ID,
  INSPECT_INSTANCE_ID,
  RECONCILE_INSTANCE_ID,
} from '../../domain/group/group-id.ts';
import type { DurableClient } from '../../durable/durable-client.ts';
import { ensureRunning } from '../eternal-orchestration.ts';
import { eternalSweep } from '../eternal-sweep.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

const SWEEP_TIMEOUT_MS = 60_000;

/** An event that meets a turn which listens to none is lost. It is asked for once more, and ever more rarely: one may only be late. */
const ASK_AGAIN_MS = 2_000;

/**
 * ACIGC, POST: sweeps now, and answers with the first sweep that began after the request, once the deletions that it started have
 * ended; or 202 when that takes over a minute.
 */
export function aciGC(): HttpFunction {
  return {
    name: 'ACIGC',
    methods: ['POST'],
    handle: async ({ client }) => {
      const begun = begunSweep(await readSweep(client));
      const ask = asker(client, begun);
      let report: SweepReport | undefined;
      const answer = await poll(SWEEP_TIMEOUT_MS, async () => {
        const sweep = await readSweep(client);
        if (sweep === undefined || sweep.isFinished) {
          // One of an older version ends itself where it would begin the sweep that is asked for here.
          await ensureRunning(client, eternalSweep);
        } else if (begunSweep(sweep) <= begun) {
          await ask();
        }
        const found = [sweep?.input?.last, sweep?.status?.last].filter((each) => each !== undefined);
        // The first one, though others may follow since others asked for them, and as it was at last.
        const number = report?.number ?? Math.min(...found.map((each) => each.number).filter((each) => each > begun));
        report = found.findLast((each) => each.number === number) ?? report;
        const sweepsUnderWay = sweep?.status?.underWay?.sweeps ?? [];
        return report !== undefined && !sweepsUnderWay.includes(report.number) ? report : undefined;
      });
      return answer === undefined
        ? { status: 202, headers: { 'Retry-After': '10' }, jsonBody: { number: report?.number ?? begun + 1 } }
        : { jsonBody: answer };
    },
  };
}

async function readSweep(client: DurableClient) {
  return client.statusWithInput(anySweep, COLLECT_GARBAGE_INSTANCE_ID);
}

/** Asks for the sweep after number `begun`, at most as often as it is called. */
function asker(client: DurableClient, begun: number): () => Promise<void> {
  let waitMs = ASK_AGAIN_MS;
  let dueAtMs = -Infinity;
  return async () => {
    if (performance.now() >= dueAtMs) {
      await client.raise(sweepNow, COLLECT_GARBAGE_INSTANCE_ID, { after: begun });
      dueAtMs = performance.now() + waitMs;
      waitMs *= 2;
    }
  };
}

/** ACIGC, GET: what the last finished sweep did, and what the last finished reconciliation and inspection found. */
export function aciGCReport(): HttpFunction {
  return {
    name: 'ACIGCReport',
    methods: ['GET'],
    route: 'ACIGC',
    handle: async ({ client }) => {
      const [sweep, reconciling, inspecting] = await Promise.all([
        client.status(anySweep, COLLECT_GARBAGE_INSTANCE_ID),
        client.status(anyReconciliation, RECONCILE_INSTANCE_ID),
        client.status(anyInspection, INSPECT_INSTANCE_ID),
      ]);
      const last = sweep?.status?.last;
      if (last === undefined) {
        throw new Problem({ code: 'noSweepYet', message: 'No sweep has left a report that this app can read.' });
      }
      const others = { reconciliation: reconciling?.status?.last, inspection: inspecting?.status?.last };
      return { jsonBody: { ...last, ...defined(others) } };
    },
  };
}
