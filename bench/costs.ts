import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { createBody, idOf } from './game.ts';
import { listGroups, type Stack, startStack } from './stack.ts';

/** What one thing cost in the durable backend, the mean of some; a storage request or a row each, so that a bill can be guessed. */
export interface CostRow {
  name: string;
  checkpoints: number;
  historyRows: number;
  historyKB: number;
  historyRowsRead: number;
  activities: number;
  /** To orchestrations and entities. */
  messages: number;
  batches: number;
  /** Reads of one instance or entity, and lists. */
  queries: number;
  /** That lists went through. */
  rowsRead: number;
}

const amount = z.object({ count: z.number(), bytes: z.number() });
const costsSchema = z.object({
  orchestrators: z.record(
    z.string(),
    z.object({
      episodes: z.number(),
      received: z.number(),
      historyRead: z.number(),
      historyWritten: amount,
      activities: amount,
    }),
  ),
  entities: z.record(z.string(), z.object({ batches: z.number(), operations: amount })),
  queries: z.object({
    instanceReads: z.number(),
    instanceLists: z.number(),
    instanceRows: z.number(),
    entityReads: z.number(),
    entityLists: z.number(),
    entityRows: z.number(),
  }),
});

/** Counts what a creation, a report, a sweep that finds nothing, a mark and a collection cost, with this many groups. */
export async function measureCosts(groupCount: number): Promise<CostRow[]> {
  await using stack = await startStack();
  const numbers = Array.from({ length: groupCount }, (_, number) => number);
  const ofEach = (path: string, bodyOf: (number: number) => object) => async () => {
    for (const number of numbers) await stack.call(path, bodyOf(number));
  };
  const sweep = async () => void (await stack.call('ACIGC', {}));
  await untilStill(stack);
  const rows = [
    await measure(stack, 'creation', groupCount, ofEach('ACICreate', createBody)),
    await expectGroups(stack, 'Running', groupCount),
    await measure(
      stack,
      'session report',
      groupCount,
      ofEach('ACISetSessions', (number) => ({ ...idOf(number), activeSessions: 0 })),
    ),
    await measure(stack, `request to sweep ${groupCount} groups, none of them garbage`, 1, sweep),
    await measure(
      stack,
      'mark',
      groupCount,
      ofEach('ACISetState', (number) => ({ ...idOf(number), state: 'MarkedForDeletion' })),
    ),
    await measure(stack, `collection, with its share of the sweep of ${groupCount}`, groupCount, sweep),
    await expectGroups(stack, 'MarkedForDeletion', 0),
  ];
  return rows.filter((row) => row !== undefined);
}

async function measure(stack: Stack, name: string, count: number, act: () => Promise<void>): Promise<CostRow> {
  const before = await readTotals(stack);
  await act();
  const after = await untilStill(stack);
  const of = (key: keyof Totals): number => (after[key] - before[key]) / count;
  return {
    name,
    checkpoints: of('checkpoints'),
    historyRows: of('historyRows'),
    historyKB: of('historyBytes') / 1024,
    historyRowsRead: of('historyRowsRead'),
    activities: of('activities'),
    messages: of('messages'),
    batches: of('batches'),
    queries: of('queries'),
    rowsRead: of('rowsRead'),
  };
}

type Totals = Awaited<ReturnType<typeof readTotals>>;

async function readTotals(stack: Stack) {
  const { orchestrators, entities, queries } = costsSchema.parse(await stack.costs());
  const totals = {
    checkpoints: 0,
    historyRows: 0,
    historyBytes: 0,
    historyRowsRead: 0,
    activities: 0,
    messages: 0,
    batches: 0,
    queries: queries.instanceReads + queries.instanceLists + queries.entityReads + queries.entityLists,
    rowsRead: queries.instanceRows + queries.entityRows,
  };
  for (const { episodes, received, historyRead, historyWritten, activities } of Object.values(orchestrators)) {
    totals.checkpoints += episodes;
    totals.historyRows += historyWritten.count;
    totals.historyBytes += historyWritten.bytes;
    totals.historyRowsRead += historyRead;
    totals.activities += activities.count;
    totals.messages += received;
  }
  for (const { batches, operations } of Object.values(entities)) {
    totals.batches += batches;
    totals.messages += operations.count;
  }
  return totals;
}

/** Longer than the emulator at `instant` needs for anything, and than the app waits between its looks at a deletion. */
const STILL_MS = 2_000;

/** Waits until nothing has been counted for a while; asking for a state instead would be counted itself. */
async function untilStill(stack: Stack): Promise<Totals> {
  for (let last = await readTotals(stack); ;) {
    await delay(STILL_MS);
    const now = await readTotals(stack);
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
}

async function expectGroups(stack: Stack, state: string, count: number): Promise<undefined> {
  const { length } = await listGroups(stack, state);
  if (length !== count) {
    throw new Error(`${length} groups are ${state} where ${count} were expected: what was counted is not whole.`);
  }
}
