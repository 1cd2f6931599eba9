import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { noFaults } from '../local/arm/faults/faults.ts';
import { ownTags } from '../src/domain/group/own-tags.ts';
import { createArmClient } from '../test/integration/stack/arm-client.ts';
import { makeManyGroups } from '../test/integration/stack/many-groups.ts';
import { startStack, type Stack } from '../test/integration/stack/stack.ts';

const OWNER = 'bench';

/** One at a time, each when it is asked for. */
const SETTINGS = {
  ACI_OWNER: OWNER,
  ACI_MAX_GROUPS: '100000',
  ACI_SWEEP_INTERVAL: 'P1D',
  ACI_RECONCILE_INTERVAL: 'P1D',
  ACI_INSPECT_INTERVAL: 'PT1H',
};

const LOOPS = { sweep: 'collect-garbage', reconciliation: 'reconcile', inspection: 'inspect' } as const;
const ORCHESTRATORS = { sweep: 'collectGarbage', reconciliation: 'reconcile', inspection: 'inspect' } as const;
type Loop = keyof typeof LOOPS;

/** Counts what the eternal orchestrations ask of ARM and of the backend, in one process under a virtual clock; prints the tables of RESULTS.md. */
async function run(counts: readonly number[], resourceGroupCount: number, differenceCount: number): Promise<void> {
  process.stdout.write(`${HEADER.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
  for (const count of counts) await measure(count, 1, differenceCount);
  await measure(Math.max(1, ...counts.slice(0, -1)), resourceGroupCount, differenceCount);
}

const HEADER = [
  [
    'groups, resource groups',
    '',
    'ARM: lists, pages',
    'reads',
    'writes',
    'turns',
    'longest history',
    'history rows written',
    'KB',
    'activities',
    'lists of entities, pages',
    'minutes',
  ],
  Array.from({ length: 12 }, () => '---'),
];

async function measure(count: number, resourceGroupCount: number, differenceCount: number): Promise<void> {
  using calls = watchArm();
  const stack = await startStack({
    profile: 'instant',
    platform: 'gentle',
    faults: { quotas: 'off' },
    settings: SETTINGS,
  });
  stack.arm.setFaults({ ...noFaults, quotas: 'off', events: { ...noFaults.events, drop: 1 } });
  const resourceGroupOf = (number: number): string => `Games-${number % resourceGroupCount}`;
  await makeResources(stack, count, resourceGroupOf);
  const endpoint = { publicIP: '127.0.0.1', ports: [{ port: 80, protocol: 'TCP' as const }] };
  await makeManyGroups(stack, { prefix: 'game', count, garbageCount: 0, resourceGroupOf, endpoint });

  const print = async (what: string, loop: Loop): Promise<void> => {
    const cells = await measureOne(stack, calls, loop);
    process.stdout.write(`| ${[`${count} in ${resourceGroupCount}`, what, ...cells].join(' | ')} |\n`);
  };
  await print('sweep', 'sweep');
  await print('reconciliation, nothing differs', 'reconciliation');
  await print('inspection', 'inspection');
  // With more than half of them, a reconciliation holds back.
  const differing = Math.min(differenceCount, Math.floor(count / 2));
  const { containerGroups } = createArmClient(stack.arm);
  for (let number = 0; number < differing; number += 1) {
    await containerGroups.beginDelete(resourceGroupOf(number), `game-${number}`);
  }
  await print(`reconciliation, ${differing} ghosts`, 'reconciliation');
  await stack.stop();
}

/** Resources as the app makes them, put past it, which is much faster. */
async function makeResources(stack: Stack, count: number, resourceGroupOf: (number: number) => string): Promise<void> {
  const { containerGroups } = createArmClient(stack.arm);
  const containers = [{ name: 'server', image: 'game:1', resources: { requests: { cpu: 1, memoryInGB: 1 } } }];
  const ipAddress = { type: 'Public', ports: [{ port: 80, protocol: 'TCP' }] };
  for (let from = 0; from < count; from += 50) {
    const numbers = Array.from({ length: Math.min(50, count - from) }, (_, index) => from + index);
    await Promise.all(
      numbers.map((number) =>
        containerGroups.beginCreateOrUpdate(resourceGroupOf(number), `game-${number}`, {
          location: 'westeurope',
          osType: 'Linux',
          containers,
          ipAddress,
          tags: ownTags({ incarnation: `game-${number}`, owner: OWNER, wishes: { labels: {} } }, 0),
        }),
      ),
    );
  }
  await stack.advance(60_000);
}

const statusSchema = z.object({
  customStatus: z.object({ phase: z.string(), last: z.looseObject({ number: z.int() }).optional() }).nullish(),
});

/** Has one begin, waits for its end, and says what it cost. */
async function measureOne(stack: Stack, calls: ArmCalls, loop: Loop): Promise<(number | string)[]> {
  const url = `/runtime/webhooks/durabletask/instances/${LOOPS[loop]}`;
  const lastNumber = async (): Promise<number | undefined> => {
    const { customStatus } = statusSchema.parse((await stack.get(url)).body);
    return customStatus?.phase === 'waiting' ? (customStatus.last?.number ?? 0) : undefined;
  };
  const earlier = await stack.advanceUntil(lastNumber, 86_400_000);
  const before = await readCosts(stack, loop);
  calls.reset();
  const startedMs = stack.clock.now();
  // The minute's timer starts what has ended anew.
  if (loop === 'sweep') await stack.post(`${url}/raiseEvent/sweepNow`, { after: earlier });
  else await stack.post(`${url}/terminate?reason=bench`, undefined);
  await stack.advanceUntil(async () => ((await lastNumber()) ?? earlier) > earlier, 86_400_000);
  const after = await readCosts(stack, loop);
  const { lists, reads, writes } = calls.counts();
  const minutes = ((stack.clock.now() - startedMs) / 60_000).toFixed(0);
  return [
    lists,
    reads,
    writes,
    after.executions - before.executions,
    after.longestHistory,
    after.historyWritten.count - before.historyWritten.count,
    ((after.historyWritten.bytes - before.historyWritten.bytes) / 1024).toFixed(0),
    after.activities.count - before.activities.count,
    after.entityLists - before.entityLists,
    minutes,
  ];
}

const amount = z.object({ count: z.int(), bytes: z.int() });
const costsSchema = z.object({
  orchestrators: z.record(
    z.string(),
    z.object({ executions: z.int(), longestHistory: z.int(), historyWritten: amount, activities: amount }),
  ),
  queries: z.object({ entityLists: z.int() }),
});

async function readCosts(stack: Stack, loop: Loop) {
  const { orchestrators, queries } = costsSchema.parse((await stack.get('/admin/local/durable-costs')).body);
  const of = orchestrators[ORCHESTRATORS[loop]];
  if (of === undefined) throw new Error(`Nothing has been counted of ${ORCHESTRATORS[loop]}.`);
  return { ...of, ...queries };
}

interface ArmCalls extends Disposable {
  counts(): { lists: number; reads: number; writes: number };
  reset(): void;
}

/** Counts what leaves this process for ARM, a page of a list as one. */
function watchArm(): ArmCalls {
  const none = { lists: 0, reads: 0, writes: 0 };
  let counts = { ...none };
  const watch = (message: unknown): void => {
    const { method, path } = requestSchema.parse(message).request;
    const [, name] = /\/containerGroups(?:\/([^?/]+))?(?:[?/]|$)/.exec(path) ?? [undefined, 'none'];
    if (!path.includes('/providers/Microsoft.ContainerInstance/')) return;
    if (method !== 'GET') counts.writes += 1;
    else if (name === undefined) counts.lists += 1;
    else counts.reads += 1;
  };
  subscribe('http.client.request.start', watch);
  return {
    counts: () => counts,
    reset: () => {
      counts = { ...none };
    },
    [Symbol.dispose]: () => void unsubscribe('http.client.request.start', watch),
  };
}

const requestSchema = z.object({ request: z.object({ method: z.string(), path: z.string() }) });

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '10,100,1000,10000' },
    'resource-groups': { type: 'string', default: '10' },
    differences: { type: 'string', default: '10' },
  },
});
await run(values.groups.split(',').map(Number), Number(values['resource-groups']), Number(values.differences));
