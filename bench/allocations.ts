import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createGroups } from './creations.ts';
import { median } from './median.ts';
import { startStack, type Stack } from './stack.ts';

/** What was measured of a fleet of one size. */
interface AllocationResult {
  groupCount: number;
  perSecond: number;
  medianMs: number;
  p99Ms: number;
  /** Requests that got no seat although there was one. */
  refusedCount: number;
  /** Groups that were sold more seats on than they have. */
  oversoldCount: number;
  /** Groups with a seat sold, and how many are needed for that. */
  usedCount: number;
  neededCount: number;
  /** In the durable backend, for one allocation. */
  costs: { batches: number; entityReads: number; entityLists: number; rowsRead: number };
}

const seatSchema = z.object({ leaseId: z.string(), containerGroupName: z.string() });

const costsSchema = z.object({
  entities: z.record(z.string(), z.object({ batches: z.number() })),
  queries: z.object({ entityReads: z.number(), entityLists: z.number(), entityRows: z.number() }),
});

/** Asks for seats by so many clients at once, each of which takes the next as soon as it has one. */
async function measureAllocations(groupCount: number, count: number, clients: number): Promise<AllocationResult> {
  await using stack = await startStack({ environment: { ACI_LOCAL_PLATFORM: values.platform } });
  const maxSessions = Math.ceil((count * 1.1) / groupCount);
  await createGroups(stack, 0, groupCount, { maxSessions, labels: { fleet: 'arena' } });
  await allocate(stack, 'warm-up', clients * 4, clients, { fleet: 'nobody' });
  const before = await readCosts(stack);
  const startedMs = performance.now();
  const { durationsMs, seats } = await allocate(stack, 'match', count, clients, { fleet: 'arena' });
  const tookMs = performance.now() - startedMs;
  const after = await readCosts(stack);
  const sold = [...Map.groupBy(seats, ({ containerGroupName }) => containerGroupName).values()];
  const leaseIds = new Set(seats.map(({ leaseId }) => leaseId));
  if (leaseIds.size !== seats.length) throw new Error('A lease was told to two requests.');
  return {
    groupCount,
    perSecond: (count * 1_000) / tookMs,
    medianMs: median(durationsMs),
    p99Ms: durationsMs.toSorted((a, b) => a - b)[Math.floor(durationsMs.length * 0.99)] ?? Number.NaN,
    refusedCount: count - seats.length,
    oversoldCount: sold.filter((each) => each.length > maxSessions).length,
    usedCount: sold.length,
    neededCount: Math.ceil(seats.length / maxSessions),
    costs: {
      batches: (after.batches - before.batches) / count,
      entityReads: (after.entityReads - before.entityReads) / count,
      entityLists: (after.entityLists - before.entityLists) / count,
      rowsRead: (after.rowsRead - before.rowsRead) / count,
    },
  };
}

async function allocate(stack: Stack, prefix: string, count: number, clients: number, wish: object) {
  const durationsMs: number[] = [];
  const seats: z.infer<typeof seatSchema>[] = [];
  let next = 0;
  const askOneByOne = async (): Promise<void> => {
    while (next < count) {
      const requestId = `${prefix}-${next++}`;
      const startedMs = performance.now();
      const response = await fetch(stack.url('ACIAllocate'), {
        method: 'POST',
        body: JSON.stringify({ ...wish, requestId }),
      });
      const body: unknown = await response.json();
      durationsMs.push(performance.now() - startedMs);
      if (response.status === 200) seats.push(seatSchema.parse(body));
    }
  };
  await Promise.all(Array.from({ length: clients }, askOneByOne));
  return { durationsMs, seats };
}

async function readCosts(stack: Stack) {
  const { entities, queries } = costsSchema.parse(await stack.costs());
  const batches = Object.values(entities).reduce((sum, each) => sum + each.batches, 0);
  return { batches, ...queries, rowsRead: queries.entityRows };
}

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '10,100,1000' },
    count: { type: 'string', default: '4000' },
    clients: { type: 'string', default: '40' },
    platform: { type: 'string', default: 'gentle' },
  },
});

process.stdout.write(`${values.count} allocations by ${values.clients} clients, ${values.platform}\n\n`);
process.stdout.write(
  '| Groups | a second | median ms | p99 ms | refused | oversold | groups used, needed | entity batches | reads | lists | rows read |\n|---|---|---|---|---|---|---|---|---|---|---|\n',
);
for (const groups of values.groups.split(',')) {
  const result = await measureAllocations(Number(groups), Number(values.count), Number(values.clients));
  const { perSecond, medianMs, p99Ms, refusedCount, oversoldCount, usedCount, neededCount, costs } = result;
  const cells = [
    groups,
    perSecond.toFixed(0),
    medianMs.toFixed(0),
    p99Ms.toFixed(0),
    String(refusedCount),
    String(oversoldCount),
    `${usedCount}, ${neededCount}`,
    ...[costs.batches, costs.entityReads, costs.entityLists, costs.rowsRead].map((each) => each.toFixed(3)),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
