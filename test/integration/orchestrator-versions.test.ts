import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineOrchestrator } from '../../src/contracts/contract.ts';
import type { OrchestrationOf } from '../../src/durable/steps.ts';
import { openTestHub, type TestHub } from '../conformance/durable/fixture.ts';

// After the fixture, which stands in for the core of the worker that they ask for.
const { registerOrchestrator } = await import('../../src/durable/register.ts');
const { delay } = await import('../../src/durable/steps.ts');

/** An eternal orchestration that began to wait longer in version 0.3.0. */
const eternal = defineOrchestrator('versionedEternal', {
  versions: ['0.1.0', '0.3.0'],
  isEternal: true,
  input: z.object({ number: z.int() }),
  output: z.unknown(),
  status: z.object({ number: z.int(), waitMs: z.int() }),
});

/** One that needs some executions to come to its end, in either version. */
const longLived = defineOrchestrator('versionedLongLived', {
  versions: ['0.1.0', '0.3.0'],
  input: z.object({ number: z.int() }),
  output: z.object({ version: z.string() }),
  status: z.unknown(),
});

registerOrchestrator(longLived, { '0.1.0': untilThird('0.1.0'), '0.3.0': untilThird('0.3.0') });

function untilThird(version: string) {
  return function* oneExecution(context: OrchestrationOf<typeof longLived>) {
    yield* delay(context, 60_000);
    const { number } = context.input;
    return number < 3 ? context.continueAsNew({ number: number + 1 }) : { version };
  };
}

registerOrchestrator(eternal, { '0.1.0': turn(60_000), '0.3.0': turn(120_000) });

function turn(waitMs: number) {
  return function* oneTurn(context: OrchestrationOf<typeof eternal>) {
    const { number } = context.input;
    context.publish({ number, waitMs });
    yield* delay(context, waitMs);
    context.continueAsNew({ number: number + 1 });
    return undefined;
  };
}

async function startAt(version: string | undefined) {
  // As a host that takes every version, so that one without can be started too.
  const hub = openTestHub({ versionMatchStrategy: 'None' });
  const query = version === undefined ? '' : `?version=${version}`;
  await hub.request('POST', `orchestrators/${eternal.name}/one${query}`, JSON.stringify({ number: 7 }));
  await hub.hub.whenIdle();
  return hub;
}

async function liveOneTurn({ hub, clock }: TestHub): Promise<void> {
  clock.advanceTo(hub.nextTimerAtMs() ?? Number.NaN);
  await hub.whenIdle();
}

test.each([
  ['without a version, as those of 0.1.0', undefined],
  ['of the oldest version', '0.1.0'],
  ['of a version of the app that changed another orchestrator', '0.2.0'],
])('an eternal instance %s runs the code of 0.1.0, and ends where it would continue', async (_, version) => {
  await using hub = await startAt(version);
  await liveOneTurn(hub);
  expect(await hub.status('one')).toMatchObject({
    runtimeStatus: 'Completed',
    output: null,
    customStatus: { number: 7, waitMs: 60_000 },
  });
});

test('an eternal instance of the newest version continues, and keeps its version', async () => {
  await using hub = await startAt('0.3.0');
  for (let turns = 0; turns < 3; turns += 1) {
    await liveOneTurn(hub);
  }
  expect(await hub.status('one')).toMatchObject({
    runtimeStatus: 'Running',
    customStatus: { number: 10, waitMs: 120_000 },
  });
});

test.each(['0.1.0', '0.3.0'])('an instance of %s that has an end continues until it comes to it', async (version) => {
  await using hub = openTestHub({ versionMatchStrategy: 'None' });
  const path = `orchestrators/${longLived.name}/one?version=${version}`;
  await hub.request('POST', path, JSON.stringify({ number: 1 }));
  await hub.hub.whenIdle();
  expect(await hub.finish('one')).toMatchObject({ runtimeStatus: 'Completed', output: { version } });
});

test('an instance that is older than every version fails, and says why', async () => {
  await using hub = await startAt('0.0.9');
  const { runtimeStatus, output } = await hub.finish('one');
  expect(runtimeStatus).toBe('Failed');
  expect(output).toContain(
    'The instance has version 0.0.9 of versionedEternal, and this app runs only 0.1.0, 0.3.0 of it.',
  );
});
