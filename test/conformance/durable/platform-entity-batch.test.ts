import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registeredFunctions, df, openTestHub } from './fixture.ts';
import type { TestHub } from './fixture.ts';

/*
 * Rows 3 and 5 of the unkind host: DurableTask.AzureStorage sends the messages of a batch before it commits the batch's state
 * (AzureStorageOrchestrationService.cs, CompleteTaskOrchestrationWorkItemAsync), and a lease that moves aborts the commit. Entities
 * are read from the instance table, which is written in the end.
 */

const TRIES = 100;

df.app.entity('batchLedger', (context) => {
  const operations = z.array(z.string()).parse(context.df.getState(() => []));
  const input = context.df.getInput<{ name: string }>();
  const name = input?.name ?? '';
  if (context.df.operationName === 'tell') {
    context.df.signalEntity(new df.EntityId('batchLedger', `told by ${context.df.entityKey}`), 'add', { name });
  }
  operations.push(name);
  context.df.setState(operations);
  context.df.return(operations.length);
});
df.app.orchestration('callsTally', function* (context) {
  const { key, name, operation = 'add' } = context.df.getInput<{ key: string; name: string; operation?: string }>();
  const count: unknown = yield context.df.callEntity(new df.EntityId('batchLedger', key), operation, { name });
  return count;
});

/** Has an orchestration call the entity, since what it sends comes once. */
async function call(hub: TestHub, key: string, name: string, operation?: string): Promise<void> {
  await hub.finish(await hub.start('callsTally', { key, name, operation }));
  await hub.hub.whenIdle();
}

async function read(hub: TestHub, key: string): Promise<unknown> {
  return (await hub.request('GET', `entities/batchLedger/${key}`)).json;
}

/** Notes for each batch which operations it was called with, by name. */
function watchBatches(): { batches: string[][]; invoker: typeof registeredFunctions } {
  const payloadSchema = z.object({ batch: z.array(z.object({ input: z.string() })) });
  const batches: string[][] = [];
  const entity: typeof registeredFunctions.entity = (name, payload, instanceId) => {
    const { batch } = payloadSchema.parse(JSON.parse(payload));
    batches.push(batch.map(({ input }) => z.object({ name: z.string() }).parse(JSON.parse(input)).name));
    return registeredFunctions.entity(name, payload, instanceId);
  };
  return { batches, invoker: { ...registeredFunctions, entity } };
}

/** Calls one entity `TRIES` times, each time when the batch before is done, and counts how often its function ran for each. */
async function countRuns(platform: 'azure-storage' | 'gentle'): Promise<number[]> {
  const { batches, invoker } = watchBatches();
  await using hub = openTestHub({ platform, invoker });
  const names = Array.from({ length: TRIES }, (_, index) => `n${index}`);
  for (const name of names) await call(hub, 'a', name);
  expect(await read(hub, 'a')).toEqual(names);
  return names.map((name) => batches.flat().filter((each) => each === name).length);
}

describe('row 3: a batch whose messages went out', () => {
  it('loses its state now and then, and is applied once in the end', async () => {
    const runs = await countRuns('azure-storage');
    expect(Math.max(...runs)).toBeGreaterThan(1);
    expect(runs.filter((count) => count === 1).length).toBeGreaterThan(TRIES / 2);
  });

  it('loses it twice in a row at the most', async () => {
    const { batches, invoker } = watchBatches();
    await using hub = openTestHub({ platform: 'azure-storage', chance: () => 0, invoker });
    await call(hub, 'a', 'unlucky');
    expect(batches).toEqual([['unlucky'], ['unlucky'], ['unlucky']]);
    expect(await read(hub, 'a')).toEqual(['unlucky']);
  });

  it('keeps its state always on a gentle platform', async () => {
    expect(new Set(await countRuns('gentle'))).toEqual(new Set([1]));
  });

  it('sends its signals again when it runs again', async () => {
    await using hub = openTestHub({ platform: 'azure-storage' });
    for (let index = 0; index < TRIES; index++) await call(hub, 'a', `n${index}`, 'tell');
    const heard = z.array(z.string()).parse(await read(hub, 'told by a'));
    expect(heard.length).toBeGreaterThan(TRIES);
    expect(new Set(heard).size).toBe(TRIES);
  });

  it('runs again with what came in between, a client before an orchestration that has its answer already', async () => {
    await using hub = openTestHub({ platform: 'azure-storage' });
    let overtakenCount = 0;
    for (let index = 0; index < TRIES; index++) {
      const key = `e${index}`;
      const id = await hub.start('callsTally', { key, name: 'orchestration' });
      while ((await hub.status(id)).runtimeStatus !== 'Completed') await new Promise(setImmediate);
      await hub.request('POST', `entities/batchLedger/${key}?op=add`, { name: 'client' });
      await hub.hub.whenIdle();
      const order = z.array(z.string()).parse(await read(hub, key));
      expect(order.filter((name) => name === 'orchestration')).toHaveLength(1);
      expect(order).toContain('client');
      if (order[0] === 'client') overtakenCount += 1;
    }
    expect(overtakenCount).toBeGreaterThan(0);
    expect(overtakenCount).toBeLessThan(TRIES / 2);
  });
});

/** The text of all pages, of which one may be empty with more to come. */
async function listStates(hub: TestHub): Promise<string> {
  let text = '';
  for (let token: string | undefined = ''; token !== undefined;) {
    const headers: Record<string, string> = { 'x-ms-continuation-token': token };
    const page = await hub.request('GET', 'entities/batchLedger?fetchState=true', undefined, headers);
    text += page.body;
    token = page.headers['x-ms-continuation-token'];
  }
  return text;
}

describe('row 5: an entity that is read while its batch is written', () => {
  /** How many of the orchestrations that had an answer of the entity read a state that did not hold it yet. */
  async function countStaleReads(platform: 'azure-storage' | 'gentle'): Promise<number> {
    await using hub = openTestHub({ platform });
    let staleCount = 0;
    for (let index = 0; index < TRIES; index++) {
      const name = `n${index}`;
      const id = await hub.start('callsTally', { key: 'a', name });
      while ((await hub.status(id)).runtimeStatus !== 'Completed') await new Promise(setImmediate);
      const [answer, listed] = await Promise.all([read(hub, 'a'), listStates(hub)]);
      const isFresh = z.array(z.string()).catch([]).parse(answer).includes(name);
      if (!isFresh) staleCount += 1;
      expect(listed.includes(`"${name}"`)).toBe(isFresh);
      await hub.hub.whenIdle();
      // What has settled is fresh, and the entity itself always knew.
      expect(z.array(z.string()).parse(await read(hub, 'a'))).toHaveLength(index + 1);
      expect((await hub.status(id)).output).toBe(index + 1);
    }
    return staleCount;
  }

  it('shows what it was a moment ago now and then', async () => {
    const staleCount = await countStaleReads('azure-storage');
    expect(staleCount).toBeGreaterThan(0);
    expect(staleCount).toBeLessThan(TRIES);
  });

  it('is never stale on a gentle platform', async () => {
    expect(await countStaleReads('gentle')).toBe(0);
  });
});
