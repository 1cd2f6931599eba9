import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { type Job, repeatCommand, type Result, resultSchema } from './job.ts';

/** A run takes a minute where the machine has nothing else to do. */
const RUN_PATIENCE_MS = 15 * 60_000;

/** A process that runs campaigns, one after the other. */
export interface WorkerProcess {
  run(job: Job): Promise<Result>;
  stop(): void;
}

/** The summary of a run that had no end; its process is gone. */
export const HUNG = 'did not end';

/** Starts one that has nothing to do yet. */
export function startWorker(): WorkerProcess {
  // Most of what a run makes is gone at once, and soon collected where there is room for it.
  const child = fork(join(import.meta.dirname, 'worker.ts'), { execArgv: ['--max-semi-space-size=64'] });
  return {
    run: (job) => runIn(child, job),
    stop: () => void child.kill(),
  };
}

function runIn(child: ChildProcess, job: Job): Promise<Result> {
  return new Promise((resolve) => {
    const end = (result: Result): void => {
      clearTimeout(patience);
      child.removeAllListeners();
      resolve(result);
    };
    const broken = (summary: string, what: string): Result => {
      const report = `  ${what}\n    To see it again: ${repeatCommand(job)}`;
      return { seed: job.seed, cpuSeconds: 0, summary, broken: ['the run itself'], report };
    };
    const patience = setTimeout(() => {
      child.kill('SIGKILL');
      end(broken(HUNG, `The run did not end within ${RUN_PATIENCE_MS / 60_000} minutes.`));
    }, RUN_PATIENCE_MS);
    child.once('message', (message) => end(resultSchema.parse(message)));
    child.once('exit', (code, signal) => end(broken(HUNG, `The process of the run ended with ${code ?? signal}.`)));
    child.send(job);
  });
}
