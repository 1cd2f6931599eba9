import { Interrupted, SmokeFailure } from './smoke-failure.ts';
import type { SmokeRun } from './smoke-run.ts';
import type { Step } from './steps/step.ts';

/** How the steps went. */
export interface Walk {
  passed: number;
  failed: string[];
  /** Steps that were not tried, since an essential one before them failed, or somebody pressed Ctrl-C. */
  notTried: number;
  isInterrupted: boolean;
  /** Of the steps that passed. */
  seconds: Record<string, number>;
}

/** Goes through the steps, one after the other, and prints a line for each. One that fails ends the walk only where the rest needs it. */
export async function walkLife(steps: readonly Step[], run: SmokeRun, say: (line: string) => void): Promise<Walk> {
  const walk: Walk = { passed: 0, failed: [], notTried: 0, isInterrupted: false, seconds: {} };
  for (const [index, step] of steps.entries()) {
    const { name, needsKeys = false, isEssential = false } = step;
    if (needsKeys && run.options.credential === undefined) {
      say(`skip         ${name}: this run has no key`);
      continue;
    }
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    try {
      const seen = await step.run(run);
      walk.passed += 1;
      walk.seconds[name] = Number(seconds().toFixed(1));
      say(`ok   ${inSeconds(seconds())} ${name}: ${seen}`);
    } catch (error) {
      walk.isInterrupted = error instanceof Interrupted;
      if (!walk.isInterrupted) {
        walk.failed.push(name);
        say(`FAIL ${inSeconds(seconds())} ${name}`);
        for (const line of explain(error)) say(`             ${line}`);
      }
      if (walk.isInterrupted || isEssential) {
        walk.notTried = steps.length - index - (walk.isInterrupted ? 0 : 1);
        break;
      }
    }
  }
  return walk;
}

/** What went wrong, and what to look at next. */
export function explain(error: unknown): string[] {
  if (error instanceof SmokeFailure) {
    return [error.message, ...(error.next === undefined ? [] : [`next: ${error.next}`])];
  }
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1).padStart(6)}s`;
}
