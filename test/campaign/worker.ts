import { type Job, jobSchema, repeatCommand, type Result } from './job.ts';
import { makePlan, SHORT_RUN, WHOLE_RUN } from './plan/plan.ts';
import { plantBug } from './planted-bugs.ts';
import { describeViolations, summaryOf } from './report/describe-run.ts';
import { runCampaign } from './run-campaign.ts';
import { makeAppUnderTest } from './world/app-under-test.ts';

let app: ReturnType<typeof makeAppUnderTest> | undefined;

async function run(job: Job): Promise<Result> {
  const before = process.cpuUsage();
  app ??= makeAppUnderTest(plantBug(job.bug));
  const outcome = await runCampaign(makePlan(job.seed, job.isShort ? SHORT_RUN : WHOLE_RUN), app);
  const { user, system } = process.cpuUsage(before);
  return {
    seed: job.seed,
    cpuSeconds: (user + system) / 1_000_000,
    summary: summaryOf(outcome),
    broken: [...new Set(outcome.violations.map(({ invariant }) => invariant))],
    report: describeViolations(outcome, repeatCommand(job)),
  };
}

async function answer(message: unknown): Promise<void> {
  const job = jobSchema.parse(message);
  try {
    process.send?.(await run(job));
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const report = `  The run broke: ${text}\n    To see it again: ${repeatCommand(job)}`;
    process.send?.({ seed: job.seed, cpuSeconds: 0, summary: 'broke', broken: ['the run itself'], report });
  }
}

process.on('message', (message) => void answer(message));
process.on('disconnect', () => process.exit());
