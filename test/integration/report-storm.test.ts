import { Agent, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenOf } from './stack/callers.ts';
import { createRunning } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

const STORM = 5_000;
const FLOOD = 400;
const OTHERS = ['calm-1', 'calm-2', 'calm-3'] as const;
const stormAgent = new Agent({ keepAlive: true, maxSockets: 50 });
const calmAgent = new Agent({ keepAlive: true, maxSockets: 3 });

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant', settings: { ACI_MAX_GROUPS: '10' } });
  for (const name of ['storm', 'flooded', ...OTHERS]) {
    await createRunning(stack, name);
  }
});

afterAll(async () => {
  stormAgent.destroy();
  calmAgent.destroy();
  await stack.stop();
});

/** A report over kept connections, as fast as this machine can. */
function report(
  name: string,
  token: string,
  activeSessions: number,
  agent = stormAgent,
): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const url = `${stack.origin}/api/ACIReport/games/${name}`;
    const sent = httpRequest(url, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ activeSessions }));
  });
}

test('a storm of one container is throttled, and the reports of others all come through meanwhile', async () => {
  const token = await tokenOf(stack, 'storm');
  const tokens = new Map(await Promise.all(OTHERS.map(async (name) => [name, await tokenOf(stack, name)] as const)));
  let answeredCount = 0;
  const storm = Array.from({ length: STORM }, async (_, index) => {
    const answer = await report('storm', token, index % 10);
    answeredCount += 1;
    return answer;
  });

  const calm = OTHERS.flatMap((name) =>
    Array.from({ length: 15 }, async (_, index) => report(name, tokens.get(name) ?? '', index, calmAgent)),
  );
  const calmAnswers = await Promise.all(calm);
  const stormAnsweredMeanwhile = answeredCount;
  const answers = await Promise.all(storm);

  expect(calmAnswers.map(({ status }) => status)).toEqual(calm.map(() => 200));
  // The virtual clock stands: a burst passes, and not one more.
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(STORM - 20);
  expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true);
  expect(stormAnsweredMeanwhile).toBeLessThan(STORM);

  await stack.settle();
  const list = await stack.api('ACIList');
  const sessions = new Map<string, number>(
    list.body.map((item: { containerGroupName: string; activeSessions: number }) => [
      item.containerGroupName,
      item.activeSessions,
    ]),
  );
  expect(OTHERS.map((name) => sessions.get(name))).toEqual([14, 14, 14]);

  await stack.advance(1_000);
  expect((await report('storm', token, 7)).status).toBe(200);
});

test('a flood of wrong tokens does not shut a container out that never reported before', async () => {
  const flood = await Promise.all(
    Array.from({ length: FLOOD }, async (_, index) => report('flooded', `guess-${index}`, 0)),
  );
  const counts = new Map<number, number>();
  for (const { status } of flood) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  expect([...counts].toSorted(([one], [other]) => one - other)).toEqual([
    [401, 20],
    [429, FLOOD - 20],
  ]);
  expect((await report('flooded', await tokenOf(stack, 'flooded'), 3)).status).toBe(200);
});
