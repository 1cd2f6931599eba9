import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  makeManyGroups,
  readReportAfter,
  readSweepCosts,
  type SweepCosts,
} from '../test/integration/stack/many-groups.ts';
import { startStack } from '../test/integration/stack/stack.ts';

/**
 * Sweeps many groups in one process under a virtual clock, at ACI's pace, and prints the table of RESULTS.md: what a page costs and how
 * long histories grow, and not how fast this machine is.
 */
async function run(count: number, garbageCount: number): Promise<void> {
  // Azure has no resources of these groups: a reconciliation would find that out.
  const settings = { ACI_RECONCILE_INTERVAL: 'P1D', ACI_INSPECT_INTERVAL: 'PT1H' };
  const stack = await startStack({ profile: 'instant', platform: 'gentle', faults: { quotas: 'off' }, settings });
  await makeManyGroups(stack, { prefix: 'game', count, garbageCount });
  const before = await readSweepCosts(stack);
  const startedMs = performance.now();
  const first = z.object({ number: z.int() }).parse((await stack.api('ACIGC')).body).number;
  await stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', { after: first });
  const looks = [before];
  let ownReads = 0;
  const report = await stack.advanceUntil(async () => {
    const now = await readSweepCosts(stack);
    if (now.orchestrators.collectGarbage.executions > (looks.at(-1)?.orchestrators.collectGarbage.executions ?? 0)) {
      looks.push({ ...now, queries: { ...now.queries, instanceReads: now.queries.instanceReads - ownReads } });
    }
    ownReads += 1;
    return readReportAfter(stack, first);
  }, 86_400_000);
  const after = await readSweepCosts(stack);
  const pages = after.queries.entityLists - before.queries.entityLists;
  const tenth = Math.ceil(looks.length / 10) + 1;
  const rows = [
    ['groups', count],
    ['of them garbage', garbageCount],
    [
      'deletions started, of which gone, failed',
      `${report.startedCount}, ${report.collectedCount}, ${report.failedCount}`,
    ],
    [
      'deletion instances',
      after.orchestrators.deleteContainerGroup.executions - before.orchestrators.deleteContainerGroup.executions,
    ],
    [
      'turns of the sweep',
      after.orchestrators.collectGarbage.executions - before.orchestrators.collectGarbage.executions,
    ],
    ['lists of entities, a page each', pages],
    ['rows of the longest history', after.orchestrators.collectGarbage.longestHistory],
    [
      'reads of an instance for each deletion: first, last tenth of the sweep',
      `${perDeletion(looks.slice(0, tenth))}, ${perDeletion(looks.slice(-tenth))}`,
    ],
    ['hours of the clock', (report.durationMs / 3_600_000).toFixed(2)],
    ['seconds of this machine', ((performance.now() - startedMs) / 1_000).toFixed(0)],
  ];
  process.stdout.write('| A sweep | |\n|---|---|\n');
  for (const [name, value] of rows) process.stdout.write(`| ${name} | ${value} |\n`);
  await stack.stop();
}

function perDeletion(looks: SweepCosts[]): string {
  const [from, to] = [looks[0], looks.at(-1)];
  const grown = (of: (costs: SweepCosts) => number): number => (from && to ? of(to) - of(from) : Number.NaN);
  const reads = grown(({ queries }) => queries.instanceReads);
  return (reads / grown(({ orchestrators }) => orchestrators.deleteContainerGroup.executions)).toFixed(1);
}

const { values } = parseArgs({
  options: { groups: { type: 'string', default: '10000' }, garbage: { type: 'string', default: '3000' } },
});
await run(Number(values.groups), Number(values.garbage));
