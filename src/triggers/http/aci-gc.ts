import { anySweep, sweepNow } from '../../contracts/garbage-collection.ts';
import { begunSweep } from '../../domain/sweep/garbage.ts';
import { COLLECT_GARBAGE_INSTANCE_ID } from '../../domain/group/group-id.ts';
import { ensureSweep } from '../eternal-sweep.ts';
import { poll } from './poll.ts';
import { Problem } from './problem.ts';
import type { HttpFunction } from './register-http.ts';

const SWEEP_TIMEOUT_MS = 60_000;

/** ACIGC, POST: sweeps now, and answers with the first sweep that began after the request, or 202 when it takes over a minute. */
export function aciGC(): HttpFunction {
  return {
    name: 'ACIGC',
    methods: ['POST'],
    handle: async ({ client }) => {
      const begun = begunSweep(await client.statusWithInput(anySweep, COLLECT_GARBAGE_INSTANCE_ID));
      if ((await ensureSweep(client)) === undefined) {
        await client.raise(sweepNow, COLLECT_GARBAGE_INSTANCE_ID, {});
      }
      const report = await poll(SWEEP_TIMEOUT_MS, async () => {
        const now = await client.statusWithInput(anySweep, COLLECT_GARBAGE_INSTANCE_ID);
        if (now?.isFinished === true) {
          // One of an older version ends itself where it would begin the sweep that is asked for here.
          await ensureSweep(client);
        }
        // The earlier one first: the event can make a second sweep follow at once, which finds nothing left to collect.
        return [now?.input?.last, now?.status?.last].find((each) => each !== undefined && each.number > begun);
      });
      return report === undefined
        ? { status: 202, headers: { 'Retry-After': '10' }, jsonBody: { number: begun + 1 } }
        : { jsonBody: report };
    },
  };
}

/** ACIGC, GET: what the last finished sweep did. */
export function aciGCReport(): HttpFunction {
  return {
    name: 'ACIGCReport',
    methods: ['GET'],
    route: 'ACIGC',
    handle: async ({ client }) => {
      const last = (await client.status(anySweep, COLLECT_GARBAGE_INSTANCE_ID))?.status?.last;
      if (last === undefined) {
        throw new Problem({ code: 'noSweepYet', message: 'No sweep has left a report that this app can read.' });
      }
      return { jsonBody: last };
    },
  };
}
