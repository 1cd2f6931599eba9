import { cleanUp } from './clean-up.ts';
import { findDifferences } from './comparison/differences.ts';
import { readExpectation, writeExpectation, type Seen } from './comparison/expectation.ts';
import { LIFE } from './life.ts';
import { createSmokeClient } from './smoke-client.ts';
import type { SmokeOptions } from './smoke-options.ts';
import { createSmokeRun } from './smoke-run.ts';
import { isWell, summarize } from './summary.ts';
import { walkLife } from './walk-life.ts';

/** When to stop, and where to print. */
export interface SmokeSurroundings {
  /** Ends the steps; what may be there is cleaned up all the same. */
  stop: AbortSignal;
  /** Ends the cleaning up too. */
  giveUp: AbortSignal;
  print: (line: string) => void;
}

/** Runs the whole life of a group, cleans up however that ended, and resolves with the exit code. */
export async function runSmoke(options: SmokeOptions, { stop, giveUp, print }: SmokeSurroundings): Promise<number> {
  const begun = performance.now();
  const say = redacting(print, options);
  const answers: Seen['answers'] = {};
  const client = createSmokeClient(options, { stop, giveUp });
  const run = createSmokeRun(options, client, { stop, say, answers });
  say(`smoke test of ${options.origin}: ${LIFE.length} steps`);
  say(`container groups ${run.group} and ${run.secondGroup} in ${options.resourceGroup}, ${options.location}`);
  say('');

  const walk = await walkLife(LIFE, run, say);
  const leftBehind = await cleanUp(options, run.living, { giveUp, say });
  const seen = { answers, seconds: walk.seconds };
  const outcome = {
    walk,
    leftBehind,
    differences: options.record ? [] : findDifferences(readExpectation(), seen),
    seconds: (performance.now() - begun) / 1000,
  };
  if (options.record && isWell(outcome)) {
    writeExpectation(seen);
    say('      taken as expected: smoke/expected.json');
  }
  for (const line of summarize(outcome, options)) say(line);
  return isWell(outcome) ? 0 : 1;
}

/** What is printed never holds the credential, or a key or token of an address. */
function redacting(print: (line: string) => void, { credential }: SmokeOptions): (line: string) => void {
  return (line) => {
    const shown = credential === undefined ? line : line.replaceAll(credential.value, '***');
    print(shown.replaceAll(/([?&](?:code|sig)=)[^&\s"']+/gi, '$1***'));
  };
}
