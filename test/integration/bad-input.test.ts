import { afterAll, beforeAll, expect, test } from 'vitest';
import { badRequests } from './bad-requests.ts';
import { createRunning, groupOf } from './game.ts';
import { startStack, type Stack } from './stack.ts';

let stack: Stack;
let untouched: unknown;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
  await createRunning(stack, 'game-1');
  untouched = await snapshot();
});

afterAll(async () => {
  await stack.stop();
});

/** Everything that a refused request could have changed. */
async function snapshot(): Promise<unknown> {
  await stack.settle();
  const instances = await stack.get(
    '/runtime/webhooks/durabletask/instances?instanceIdPrefix=provision:&showInput=false',
  );
  const deletions = await stack.get('/runtime/webhooks/durabletask/instances?instanceIdPrefix=delete:&showInput=false');
  const group = await groupOf(stack, 'game-1');
  return {
    instances: instances.body,
    deletions: deletions.body,
    group,
    puts: stack.arm.requestCounts()['PUT containerGroups'],
  };
}

test.each(badRequests)(
  '$about has its own answer, and changes nothing',
  async ({ path, method, body, status, says }) => {
    const answer = await stack.api(path, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body).toMatchObject(says);
    if (status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body.detail.length).toBeGreaterThan(10);
    }
    expect(await snapshot()).toEqual(untouched);
  },
);

test('the resource group in another letter case is the same', async () => {
  const answer = await stack.api('ACISetSessions', {
    body: { resourceGroup: 'gAmEs', containerGroupName: 'game-1', activeSessions: 0 },
  });
  expect(answer.body.results).toMatchObject([{ status: 'accepted' }]);
});
