import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badRequests } from './bad-requests.ts';
import { readEverything } from './everything.ts';
import { createBody, createRunning, idOf } from './game.ts';
import { startStack, type Stack } from './stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ profile: 'instant' });
  await createRunning(stack, 'game-1');
  await stack.settle();
});

afterAll(async () => {
  await stack.stop();
});

describe('bad input has its own answer and changes nothing', () => {
  test.each(badRequests)(
    '$says',
    async ({ path, body, method, status = 400, code = 'invalidRequest', field, expected }) => {
      const before = await readEverything(stack);
      const init = { ...(body === undefined ? {} : { body }), ...(method === undefined ? {} : { method }) };
      const answer = await stack.api(path, init);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer).toMatchObject({ status, body: { status, code, ...(field === undefined ? {} : { field }) } });
      if (expected !== undefined) {
        expect(answer.body).toMatchObject({ expected, detail: `${field}: expected ${expected}.` });
      }
      expect(await readEverything(stack)).toEqual(before);
    },
  );

  test('a report of an unknown group is told so', async () => {
    const before = await readEverything(stack);
    const answer = await stack.api('ACISetSessions', { body: { ...idOf('nobody'), activeSessions: 1 } });
    expect(answer).toMatchObject({ status: 200, body: { results: [{ ...idOf('nobody'), status: 'unknownGroup' }] } });
    expect(await readEverything(stack)).toEqual(before);
  });

  test('a deletion of an unknown group has nothing to do', async () => {
    const before = await readEverything(stack);
    expect(await stack.api('ACIDelete', { body: idOf('nobody') })).toMatchObject({
      status: 200,
      body: { deleted: true },
    });
    expect(await readEverything(stack)).toEqual(before);
  });
});

test('a resource group in other letter case is the same one', async () => {
  const asked = await stack.api('ACIDetails?resourceGroup=gAMES&containerGroupName=game-1&type=timeline');
  expect(asked).toMatchObject({ status: 200, body: { resourceGroup: 'Games', containerGroupName: 'game-1' } });
  const before = await readEverything(stack);
  const created = await stack.api('ACICreate', { body: { ...createBody('game-1'), resourceGroup: 'GAMES' } });
  expect(created).toMatchObject({ status: 409, body: { code: 'alreadyExists' } });
  expect(await readEverything(stack)).toEqual(before);
});

test('nothing of all this was an error of ours', () => {
  expect(stack.logs.filter(({ level }) => level === 'error')).toEqual([]);
});
