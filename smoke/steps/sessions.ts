import { z } from 'zod';
import { diagnoseAnswer } from '../diagnosis/diagnose-answer.ts';
import type { SmokeRun } from '../smoke-run.ts';
import { detailsPath, groupSchema, idOf, read, require } from './group.ts';
import type { Step } from './step.ts';

const resultsSchema = z.looseObject({
  results: z.array(z.looseObject({ status: z.string(), state: z.string().optional() })),
});

const LATE =
  'An accepted report is stored, and the group takes it some seconds later. If it does not, the durable backend stands still: Application Insights.';

/** Reports of sessions by the matchmaker. */
export const sessionReports: readonly Step[] = [
  {
    name: 'sessions are reported, and counted',
    run: async (run) => {
      const body = [
        report(run, 3, 2),
        { ...report(run, 3, 2), activeSessions: -1 },
        { ...report(run, 3, 2), containerGroupName: `${run.group}-none` },
      ];
      const answer = await run.compare('three reports at once', 200, 'ACISetSessions', { body });
      const statuses = read(answer, resultsSchema).results.map(({ status }) => status);
      require(statuses.join(', ') ===
        'accepted, invalid, unknownGroup', `Expected accepted, invalid, unknownGroup; came ${statuses.join(', ')}.`);
      await untilSessions(run, 3);
      return 'accepted, and 3 sessions in ACIDetails; an invalid and an unknown one beside it are told apart';
    },
  },
  {
    name: 'a report that comes too late is told so',
    run: async (run) => {
      const next = LATE;
      await run.until({ what: 'an older sequence is stale', seconds: 60, next }, async () => {
        const answer = await run.client.ask('ACISetSessions', { body: report(run, 9, 1) });
        if (answer.status !== 200) throw diagnoseAnswer(answer, '200 with results');
        const isStale = read(answer, resultsSchema).results[0]?.status === 'stale';
        if (isStale) run.keepAnswer('a stale report', answer);
        return isStale ? true : undefined;
      });
      await untilSessions(run, 3);
      return 'stale, and still 3 sessions';
    },
  },
];

/** Reports that nobody plays any more, once the group is marked. */
export async function reportNobody(run: SmokeRun): Promise<void> {
  const answer = await run.compare('the report of no sessions', 200, 'ACISetSessions', { body: report(run, 0, 3) });
  const [result] = read(answer, resultsSchema).results;
  require(result?.status ===
    'accepted', `The report of no sessions is ${result?.status ?? 'unanswered'}, expected accepted.`);
  await untilSessions(run, 0);
}

/** What a report of the group is answered with. */
export async function reportStatus(run: SmokeRun): Promise<string | undefined> {
  const answer = await run.client.ask('ACISetSessions', { body: report(run, 1, 9) });
  if (answer.status !== 200) throw diagnoseAnswer(answer, '200 with results');
  return read(answer, resultsSchema).results[0]?.status;
}

function report(run: SmokeRun, activeSessions: number, sequence: number) {
  return { ...idOf(run, run.group), activeSessions, sequence, bootId: 'smoke' };
}

async function untilSessions(run: SmokeRun, count: number): Promise<void> {
  await run.until({ what: `the group has ${count} sessions`, seconds: 60, next: LATE }, async () => {
    const { activeSessions } = read(await run.get(detailsPath(run, run.group, 'timeline')), groupSchema);
    return activeSessions === count ? true : undefined;
  });
}
