import { describe, expect, it } from 'vitest';
import { df, openTestHub } from './fixture.ts';
import type { Answer, TestHub } from './fixture.ts';

/** How often each id was carried out, and with which input. */
const executions: unknown[] = [];
df.app.activity('keepNote', { handler: (input: unknown) => void executions.push(input) });
df.app.orchestration('notes', function* (context) {
  yield context.df.callActivity('keepNote', context.df.getInput());
  yield context.df.waitForExternalEvent('go');
});
df.app.orchestration('ends', function* (context) {
  yield context.df.callActivity('keepNote', context.df.getInput());
});

const ALREADY_PENDING = { Message: 'An Orchestration instance with the status Pending already exists.' };

function startAtOnce(hub: TestHub, name: string, inputs: readonly number[]): Promise<Answer[]> {
  return Promise.all(inputs.map((input) => hub.request('POST', `orchestrators/${name}/same`, input)));
}

/** Row 4; DurableTask.AzureStorage, CreateTaskOrchestrationAsync: of 20 simultaneous starts on 3.19.0, most are told yes and one is carried out. */
describe('starts of one id at the same time on Azure Storage', () => {
  const rounds = Array.from({ length: 20 }, (_, seed) => seed);
  const inputs = Array.from({ length: 8 }, (_, index) => index);

  it.each(['notes', 'ends'])(
    'of "%s" are told yes more than once, and exactly one is carried out, any of them',
    async (name) => {
      const yesCounts: number[] = [];
      const winners = new Set<unknown>();
      for (const seed of rounds) {
        executions.length = 0;
        await using hub = openTestHub({ platform: 'azure-storage', seed });
        const answers = await startAtOnce(hub, name, inputs);
        await hub.hub.whenIdle();
        const yes = answers.filter(({ status }) => status === 202);
        yesCounts.push(yes.length);
        const refusals = answers.filter(({ status }) => status !== 202).map(({ status, json }) => ({ status, json }));
        expect(refusals).toEqual(refusals.map(() => ({ status: 409, json: ALREADY_PENDING })));
        expect(new Set(executions).size).toBe(1);
        winners.add(executions[0]);
        // The losers' status URL shows the winner's.
        expect((await hub.status('same')).input).toBe(executions[0]);
      }
      expect(Math.min(...yesCounts)).toBeGreaterThan(1);
      expect(Math.min(...yesCounts)).toBeLessThan(inputs.length);
      expect(winners.size).toBeGreaterThan(1);
    },
  );

  it('are so for an id whose instance is finished too', async () => {
    executions.length = 0;
    await using hub = openTestHub({ platform: 'azure-storage', seed: 3 });
    await startAtOnce(hub, 'ends', [100]);
    await hub.hub.whenIdle();
    const answers = await startAtOnce(hub, 'ends', inputs);
    await hub.hub.whenIdle();
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(1);
    expect(new Set(executions.filter((input) => input !== 100)).size).toBe(1);
  });

  it('end once the first is answered: the next is refused', async () => {
    for (const seed of rounds) {
      await using hub = openTestHub({ platform: 'azure-storage', seed });
      await startAtOnce(hub, 'notes', [0]);
      expect(await hub.request('POST', 'orchestrators/notes/same', 1)).toMatchObject({ status: 409 });
    }
  });
});

it('starts of one id at the same time on a gentle platform are told yes once', async () => {
  await using hub = openTestHub({ platform: 'gentle' });
  const answers = await startAtOnce(hub, 'notes', [0, 1, 2, 3]);
  expect(answers.map(({ status }) => status)).toEqual([202, 409, 409, 409]);
  expect(answers[1]?.json).toEqual(ALREADY_PENDING);
});

/** Row 4; azure-functions-durable-extension, HttpApiHandler.cs, HandleStartOrchestratorRequestAsync. */
describe('a start', () => {
  it.each(['gentle', 'azure-storage'] as const)('is Pending right after its answer (%s)', async (platform) => {
    await using hub = openTestHub({ platform });
    await hub.start('notes', 1, 'a');
    expect(await hub.request('GET', 'instances/a')).toMatchObject({ status: 202, json: { runtimeStatus: 'Pending' } });
  });

  it('of an id that runs is refused with its status', async () => {
    await using hub = openTestHub();
    await hub.start('notes', 1, 'a');
    await hub.hub.whenIdle();
    const answer = await hub.request('POST', 'orchestrators/notes/a', 2);
    expect(answer).toMatchObject({
      status: 409,
      json: { Message: 'An Orchestration instance with the status Running already exists.' },
    });
    expect(answer.json).not.toHaveProperty('ExceptionMessage');
    expect(await hub.request('POST', 'instances/a/restart?restartWithNewInstanceId=false')).toMatchObject({
      status: 409,
      json: {
        Message: 'A non-terminal instance with this instance ID already exists.',
        ExceptionMessage: 'An Orchestration instance with the status Running already exists.',
      },
    });
  });

  it('of an unknown orchestrator is accepted, and then fails', async () => {
    await using hub = openTestHub();
    await hub.start('nowhere', 1, 'a');
    const { runtimeStatus, output } = await hub.finish('a');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain("'nowhere' doesn't exist, is disabled, or is not an orchestrator function.");
  });
});
