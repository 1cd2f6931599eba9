import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START_MS, df } from './fixture.ts';
import type { TestHub } from './fixture.ts';
import { killedCopy, newFile, openAt } from './killed.ts';
import { anyProgram } from './program.ts';
import type { Step } from './program.ts';

/** Shorter than any timer of a program: what is hidden for long loses its race against one, as it does in Azure. */
const hiddenBriefly = { controlQueueVisibilityTimeoutMs: 100, workItemQueueVisibilityTimeoutMs: 100 };

interface Outcome {
  runtimeStatus: string;
  output: unknown;
  customStatus: unknown;
  sum: unknown;
}

/** Runs a program while the process is killed after each of the given numbers of turns of the event loop. */
async function runWithCrashes(rounds: Step[][], crashAfterTurns: readonly number[]): Promise<Outcome> {
  let place = { path: newFile(), startMs: START_MS };
  let hub = openAt(place, 0, hiddenBriefly);
  const abandoned: TestHub[] = [];
  await hub.start('program', { key: 'k', rounds, log: [] }, 'the-instance');
  for (const [index, turns] of crashAfterTurns.entries()) {
    await runTurns(hub, turns);
    abandoned.push(hub);
    place = killedCopy(place.path, hub);
    hub = openAt(place, index + 1, hiddenBriefly);
  }
  const { runtimeStatus, output, customStatus } = await hub.finish('the-instance');
  // Signals that were in flight when the process was killed come later than the rest.
  await hub.runOut();
  const sum = (await hub.request('GET', 'entities/programSum/k')).json;
  await Promise.all([...abandoned, hub].map((each) => each.hub.stop()));
  return { runtimeStatus, output, customStatus, sum };
}

/** Lets the hub work for some turns; time goes on only where there is nothing else to do. */
async function runTurns({ hub, clock }: TestHub, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await new Promise(setImmediate);
    const nextMs = hub.nextTimerAtMs();
    if (turn % 16 === 15 && nextMs !== undefined) {
      await hub.whenIdle();
      clock.advanceTo(Math.max(nextMs, clock.now()));
    }
  }
}

describe('a hub that is killed and opened again', () => {
  it('finishes every orchestration as if nothing had happened', async () => {
    const crashes = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyProgram, crashes, async (rounds, crashAfterTurns) => {
        const undisturbed = await runWithCrashes(rounds, []);
        expect(undisturbed.runtimeStatus).toBe('Completed');
        expect(await runWithCrashes(rounds, crashAfterTurns)).toEqual(undisturbed);
      }),
      { numRuns: 50 },
    );
  });

  it('has kept each request that it answered', async () => {
    // What is counted may come twice on azure-storage, and comes late after a crash: see platform-redelivery.test.ts.
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0, { platform: 'gentle' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        first.request('POST', `entities/programSum/${index % 5}?op=add`, { value: index }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const second = openAt(killedCopy(path, first), 1, { platform: 'gentle' });
    await second.hub.whenIdle();
    const sums = await Promise.all([0, 1, 2, 3, 4].map((key) => second.request('GET', `entities/programSum/${key}`)));
    expect(sums.map(({ json }) => json)).toEqual([225, 235, 245, 255, 265]);
    await Promise.all([first.hub.stop(), second.hub.stop()]);
  });

  it('runs an activity again that was under way, and takes one result of it', async () => {
    let calls = 0;
    const { promise: called, resolve: firstCall } = Promise.withResolvers<number>();
    const { promise: forever } = Promise.withResolvers<never>();
    df.app.activity('hangsOnce', {
      handler: () => {
        calls += 1;
        firstCall(calls);
        return calls === 1 ? forever : `call ${calls}`;
      },
    });
    df.app.orchestration('callsHanging', function* (context) {
      const result: unknown = yield context.df.callActivity('hangsOnce');
      return result;
    });
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0);
    await first.start('callsHanging', undefined, 'a');
    await called;
    const second = openAt(killedCopy(path, first), 1);
    expect((await second.finish('a')).output).toBe('call 2');
    await second.hub.stop();
  });

  it('fires the timers that fell due meanwhile', async () => {
    const path = newFile();
    const first = openAt({ path, startMs: START_MS }, 0);
    await first.start('program', { key: 'k', rounds: [[{ kind: 'timer', seconds: 30 }]], log: [] }, 'a');
    await first.hub.whenIdle();
    const { path: copy } = killedCopy(path, first);
    const second = openAt({ path: copy, startMs: START_MS + 3_600_000 }, 1);
    await second.hub.whenIdle();
    expect((await second.status('a')).output).toEqual(['timer']);
    await Promise.all([first.hub.stop(), second.hub.stop()]);
  });
});

it('a store belongs to one hub at a time', async () => {
  const place = { path: newFile(), startMs: START_MS };
  const first = openAt(place, 0);
  expect(() => openAt(place, 1)).toThrow(/is in use by another host/);
  await first.hub.stop();
  const second = openAt(place, 1);
  await second.hub.stop();
});
