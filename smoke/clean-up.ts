import { createSmokeClient } from './smoke-client.ts';
import type { SmokeOptions } from './smoke-options.ts';
import { createSmokeRun } from './smoke-run.ts';
import { SmokeFailure } from './smoke-failure.ts';
import { diagnoseAnswer } from './diagnosis/diagnose-answer.ts';
import { untilGone } from './steps/gone.ts';
import { idOf } from './steps/group.ts';
import { explain } from './walk-life.ts';

/** A group that may still be there and cost, and why it could not be removed. */
export interface LeftBehind {
  group: string;
  because: string[];
}

/** How long Azure may take to delete a group. */
const PATIENCE_SECONDS = 300;

/** Deletes what may be there of a run, however that ended, and resolves with what is left. */
export async function cleanUp(
  options: SmokeOptions,
  groups: ReadonlySet<string>,
  { giveUp, say }: { giveUp: AbortSignal; say: (line: string) => void },
): Promise<LeftBehind[]> {
  const client = createSmokeClient(options, { stop: giveUp, giveUp });
  const run = createSmokeRun(options, client, { stop: giveUp, say, answers: {} });
  const left: LeftBehind[] = [];
  for (const group of groups) {
    say(`      cleaning up: ${group}`);
    try {
      const answer = await client.ask('ACIDelete', { body: idOf(run, group) });
      if (answer.status !== 200 && answer.status !== 202) throw diagnoseAnswer(answer, '200 or 202');
      await untilGone(run, group, { seconds: PATIENCE_SECONDS, next: 'ACIDetails shows how it is.' });
    } catch (error) {
      left.push({ group, because: explain(error instanceof Error ? error : new SmokeFailure(String(error))) });
    }
  }
  return left;
}

/** How somebody removes what is left: through the app, and else past it. */
export function howToRemove({ origin, resourceGroup }: SmokeOptions, group: string): string[] {
  const body = JSON.stringify({ resourceGroup, containerGroupName: group });
  return [
    `curl -X POST "${origin}/api/ACIDelete" --header "x-functions-key: $SMOKE_KEY" --data '${body}'`,
    `az container delete --resource-group ${resourceGroup} --name ${group} --yes`,
  ];
}
