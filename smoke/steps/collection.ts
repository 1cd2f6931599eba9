import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { untilGone } from './gone.ts';
import { detailsPath, groupSchema, idOf, read, require } from './group.ts';
import { findListed } from './listed.ts';
import { reportNobody, reportStatus } from './sessions.ts';
import type { Step } from './step.ts';

/** How a group ends: marked, spared while somebody plays, and swept. */
export const collection: readonly Step[] = [
  {
    name: 'the group is marked for deletion, once',
    run: async (run) => {
      const ask = {
        body: { ...idOf(run, run.group), state: 'MarkedForDeletion' },
        headers: { 'idempotency-key': `mark-${run.group}` },
      };
      const first = read(await run.compare('the mark', 200, 'ACISetState', ask), groupSchema);
      const again = read(await run.compare('the mark again', 200, 'ACISetState', ask), groupSchema);
      require(first.state === 'MarkedForDeletion' && again.state === first.state, `It is ${again.state}.`);
      require(first.activeSessions === 3, `It has ${first.activeSessions} sessions, expected 3.`);
      return 'MarkedForDeletion, with 3 sessions';
    },
  },
  {
    name: 'nothing deletes it while somebody plays',
    run: async (run) => {
      const body = { ...idOf(run, run.group), ifIdle: true };
      await run.compare('its deletion if idle', 409, 'ACIDelete', { body });
      await sweep(run, 'the first sweep');
      const answer = await run.compare('the details of a spared group', 200, detailsPath(run, run.group, 'timeline'));
      require(read(answer, groupSchema).state === 'MarkedForDeletion', 'The sweep changed its state.');
      return '409 of ACIDelete with ifIdle, and the sweep leaves it alone';
    },
  },
  {
    name: 'it is collected once nobody plays',
    isEssential: true,
    run: async (run) => {
      await reportNobody(run);
      await sweep(run, 'the second sweep');
      const next =
        'GET ACIGC shows what the last sweep did, and why it could not; the next one tries again within ACI_SWEEP_INTERVAL.';
      await untilGone(run, run.group, { seconds: run.options.patienceMinutes * 60, next });
      run.living.delete(run.group);
      return 'gone';
    },
  },
  {
    name: 'nothing is left of it',
    run: async (run) => {
      await run.compare('the details of a group that is gone', 404, detailsPath(run, run.group));
      const next = 'The list is behind the details: look at Application Insights.';
      const what = 'the list is without the group';
      await run.until({ what, seconds: 60, next }, async () =>
        (await findListed(run)) === undefined ? true : undefined,
      );
      const status = await reportStatus(run);
      require(status === 'unknownGroup', `A report is ${status ?? 'unanswered'}, expected unknownGroup.`);
      return '404, not in the list, unknownGroup to a report';
    },
  },
  {
    name: 'the last sweep can be looked at',
    run: async (run) => {
      await run.compare('the report of the last sweep', 200, 'ACIGC');
      return '200 with its report';
    },
  },
];

/** Sweeps now: 200 with the report, or 202 when that takes over a minute. */
async function sweep(run: SmokeRun, name: string): Promise<void> {
  const answer = await run.client.ask('ACIGC', { method: 'POST' });
  if (answer.status !== 200 && answer.status !== 202) throw diagnoseAnswer(answer, '200 with what the sweep did');
  run.keepAnswer(name, answer);
  const { number } = read(answer, numberSchema);
  const what = `sweep ${number} has ended`;
  const next = 'The eternal sweep may stand still: the timer restartEternalOrchestrations starts it again each minute.';
  await run.until({ what, seconds: 300, next }, async () => {
    const last = await run.client.ask('ACIGC');
    if (last.status === 404) return undefined;
    if (last.status !== 200) throw diagnoseAnswer(last, '200 with the last sweep');
    return read(last, numberSchema).number >= number ? true : undefined;
  });
}

const numberSchema = z.looseObject({ number: z.number() });
