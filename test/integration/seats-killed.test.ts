import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBody } from './stack/game.ts';
import { startProcessStack, type ProcessStack } from './stack/process-stack.ts';

const SEATS = 20;
const NAMES = ['arena-1', 'arena-2', 'arena-3'];
const IDS = Array.from({ length: SEATS * NAMES.length }, (_, index) => `match-${index}`);
const CLIENTS = 20;

/** The app is killed once it has given so many answers more. */
const KILLED_AFTER = [3, 17, 40];

let stack: ProcessStack;

beforeAll(async () => {
  stack = await startProcessStack({ ACI_SEALING_KEYS: `test:${Buffer.alloc(32).toString('base64')}` });
  for (const name of NAMES) {
    await stack.call('/api/ACICreate', { body: createBody(name, { maxSessions: SEATS, labels: { fleet: 'arena' } }) });
  }
  await stack.until(async () => (await stack.call('/api/ACIList?fleet=arena')).body?.length === NAMES.length);
});

afterAll(async () => {
  await stack.stop();
});

test('whenever the app is killed, a request that is repeated gets the seat that it had, and no seat is sold twice', async () => {
  const told = new Map<string, Set<string>>();
  const seats = new Map<string, string>();
  const ask = async (requestId: string): Promise<void> => {
    const body = { fleet: 'arena', requestId, leaseSeconds: 3_600 };
    const answer = await stack.call('/api/ACIAllocate', { body });
    if (answer.status === 200) {
      told.set(requestId, (told.get(requestId) ?? new Set()).add(answer.body.leaseId));
      seats.set(requestId, answer.body.containerGroupName);
    }
  };

  for (const killedAfter of KILLED_AFTER) {
    await askUntilKilled(ask, killedAfter);
    await stack.start();
  }

  for (const id of IDS) {
    await stack.until(async () => {
      await ask(id);
      return seats.has(id);
    });
  }
  expect([...told.values()].map((leaseIds) => leaseIds.size)).toEqual(IDS.map(() => 1));
  expect(new Set([...told.values()].flatMap((leaseIds) => [...leaseIds])).size).toBe(IDS.length);
  const perGroup = NAMES.map((name) => [...seats.values()].filter((each) => each === name).length);
  expect(perGroup).toEqual(NAMES.map(() => SEATS));
  const over = await stack.call('/api/ACIAllocate', { body: { fleet: 'arena', requestId: 'one-more' } });
  expect(over.body).toMatchObject({ code: 'noCapacity' });
});

/** Many clients ask at once until the app has given so many answers; what is under way then gets none. */
async function askUntilKilled(ask: (requestId: string) => Promise<void>, killedAfter: number): Promise<void> {
  let answered = 0;
  let death: Promise<void> | undefined;
  const queue = [...IDS];
  const askOneByOne = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && death === undefined; id = queue.shift()) {
      await ask(id).catch(() => undefined);
      answered += 1;
      if (answered >= killedAfter) {
        death ??= stack.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, askOneByOne));
  await death;
}
