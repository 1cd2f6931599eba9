import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { Result } from './job.ts';
import { plantedBugs } from './planted-bugs.ts';
import { HUNG, startWorker, type WorkerProcess } from './worker-process.ts';

interface Options {
  runs?: number;
  seed: number;
  hours?: number;
  workers: number;
  short: boolean;
  bug?: string;
  untilBroken: boolean;
}

/** A process keeps what each of its runs has loaded. */
const RUNS_PER_PROCESS = 20;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const command = new Command('npm run campaign --')
  .description(
    'Runs the app for six virtual hours at a time, on a host and an Azure that are as unkind as they can be, with random clients, and holds it to its promises (docs/campaign.md).',
  )
  .option('--runs <count>', 'how many runs; default 10, or as many as fit into --hours', wholeNumber)
  .option('--seed <number>', 'the seed of the first run; each later one has the next number', wholeNumber, 1)
  .option('--hours <hours>', 'begin no run after so many hours of real time', positive)
  .option('--workers <count>', 'processes at once', wholeNumber, Math.min(2, availableParallelism()))
  .option('--short', 'a little over two virtual hours a run', false)
  .option('--until-broken', 'begin no run after one that broke a promise', false)
  .option('--bug <name>', 'plant a bug, which is to be found')
  .addHelpText(
    'after',
    ['', 'Bugs:', ...Object.entries(plantedBugs).map(([name, { about }]) => `  ${name}: ${about}`)].join('\n'),
  )
  .action(async (options: Options) => {
    process.exitCode = (await campaign(options)) ? 0 : 1;
  });
await command.parseAsync();

async function campaign({ runs, seed, hours, workers, short, bug, untilBroken }: Options): Promise<boolean> {
  const startedMs = performance.now();
  const endMs = hours === undefined ? Infinity : startedMs + hours * 3_600_000;
  const count = runs ?? (hours === undefined ? 10 : Infinity);
  const results: Result[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    let worker: WorkerProcess | undefined;
    const isOver = (): boolean =>
      next >= count || performance.now() >= endMs || (untilBroken && results.some(({ broken }) => broken.length > 0));
    for (let done = 0; !isOver(); done += 1) {
      if (done % RUNS_PER_PROCESS === 0) {
        worker?.stop();
        worker = startWorker();
      }
      const job = { seed: seed + next, isShort: short, ...(bug !== undefined && { bug }) };
      next += 1;
      const result = await worker?.run(job);
      if (result !== undefined) {
        results.push(result);
        tell(result, results.length, count);
        if (result.summary === HUNG) worker = startWorker();
      }
    }
    worker?.stop();
  };
  await Promise.all(Array.from({ length: workers }, work));
  return conclude(results, (performance.now() - startedMs) / 1_000);
}

function tell({ seed, cpuSeconds, summary, broken, report }: Result, number: number, count: number): void {
  const of = count === Infinity ? '' : `/${count}`;
  const verdict = broken.length === 0 ? 'ok' : `BROKEN: ${broken.join(', ')}`;
  say(`${number}${of}  seed ${seed}  ${verdict}  ${cpuSeconds.toFixed(0)} s  ${summary}`);
  if (report !== '') say(report);
}

function conclude(results: readonly Result[], seconds: number): boolean {
  const failed = results.filter(({ broken }) => broken.length > 0);
  const cpuSeconds = results.reduce((sum, each) => sum + each.cpuSeconds, 0);
  const verdict =
    failed.length === 0
      ? 'every promise was kept'
      : `${failed.length} broke a promise, with the seeds ${failed.map(({ seed }) => seed).join(', ')}`;
  const eachSeconds = (cpuSeconds / Math.max(1, results.length)).toFixed(1);
  say(`${results.length} runs in ${(seconds / 60).toFixed(1)} minutes, ${eachSeconds} s of processor each: ${verdict}`);
  return failed.length === 0;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}
