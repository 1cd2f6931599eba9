import { afterAll, beforeAll, expect, test } from 'vitest';
import { badRequests } from './stack/bad-requests.ts';
import { readEverything } from './stack/everything.ts';
import { createBody, createRunning } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

let stack: Stack;
let untouched: unknown;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
  await createRunning(stack, 'game-1');
  untouched = await readEverything(stack);
});

afterAll(async () => {
  await stack.stop();
});

test.each(badRequests)(
  '$about has its own answer, and changes nothing',
  async ({ path, method, body, status, says }) => {
    const answer = await stack.api(path, {
      ...(method === undefined ? {} : { method }),
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body).toMatchObject(says);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    if (status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      const { code, detail, field, expected } = answer.body;
      expect(answer.body.status).toBe(status);
      expect(code).toMatch(/^[a-z][A-Za-z]+$/);
      expect(detail.length).toBeGreaterThan(10);
      // What breaks a rule is told the field and the rule.
      expect(detail).toContain(field === undefined ? '' : `${field}: expected ${expected}`);
    }
    expect(await readEverything(stack)).toEqual(untouched);
  },
);

test.each(['ACICreate', 'ACIDelete', 'ACISetSessions', 'ACISetState', 'ACIDetails'])(
  '%s with a body in chunks is told to send its length, and changes nothing',
  async (path) => {
    const body = new Blob([JSON.stringify(createBody('game-2'))]).stream();
    const answer = await fetch(new URL(`/api/${path}`, stack.origin), { method: 'POST', body, duplex: 'half' });
    expect(answer.status).toBe(411);
    expect(await answer.json()).toMatchObject({ code: 'lengthRequired' });
    expect(await readEverything(stack)).toEqual(untouched);
  },
);

test('nothing of all this was an error of ours', () => {
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('the resource group in another letter case is the same', async () => {
  const answer = await stack.api('ACISetSessions', {
    body: { resourceGroup: 'gAmEs', containerGroupName: 'game-1', activeSessions: 0 },
  });
  expect(answer.body.results).toMatchObject([{ status: 'accepted' }]);
});
