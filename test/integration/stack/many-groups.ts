import { z } from 'zod';
import type { CommandInput, CommandName } from '../../../src/domain/group/group-command.ts';
import { collectGarbage } from '../../../src/contracts/garbage-collection.ts';
import type { SweepReport } from '../../../src/domain/sweep/garbage.ts';
import type { Stack } from './stack.ts';

/** How many groups there are, and how many of them a sweep would delete. */
export interface ManyGroups {
  prefix: string;
  count: number;
  /** Spread evenly. */
  garbageCount: number;
  /** Of the group of a number, in the place of westeurope without labels. */
  factsOf?: (number: number) => { location: string; labels: Record<string, string> };
  /** Of the group of a number, in the place of one for all. */
  resourceGroupOf?: (number: number) => string;
  /** Under which they run; nobody has this one. */
  endpoint?: CommandInput<'provisioned'>['endpoint'];
}

/** Written at once by the durable backend; more only wait. */
const AT_ONCE = 200;

/**
 * Makes groups that run, some of them marked, by telling their entities, which is much faster than to create them. Azure has no resource of
 * theirs: that their deletion finds it gone is as good for a sweep. The
 * stack needs a long `ACI_RECONCILE_INTERVAL`: a reconciliation would find them out.
 */
export async function makeManyGroups(
  stack: Stack,
  {
    prefix,
    count,
    garbageCount,
    factsOf = () => ({ location: 'westeurope', labels: {} }),
    resourceGroupOf = () => 'Games',
    endpoint = { publicIP: '20.0.0.1', ports: [] },
  }: ManyGroups,
): Promise<void> {
  const at = new Date(stack.clock.now()).toISOString();
  const nameOf = (number: number): string => `${prefix}-${number}`;
  const tell = async <Name extends CommandName>(
    number: number,
    operation: Name,
    input: CommandInput<Name>,
  ): Promise<void> => {
    const name = nameOf(number);
    const key = `${resourceGroupOf(number).toLowerCase()}:${name}`;
    const url = `/runtime/webhooks/durabletask/entities/containergroup/${key}?op=${operation}`;
    const { status } = await stack.post(url, input);
    if (status !== 202) throw new Error(`The entity of ${name} could not be told ${operation}: ${status}.`);
  };
  const numbers = Array.from({ length: count }, (_, number) => number);
  const inTurns = async (act: (number: number) => Promise<void>): Promise<void> => {
    for (let from = 0; from < count; from += AT_ONCE) {
      await Promise.all(numbers.slice(from, from + AT_ONCE).map(act));
    }
    // What follows must not overtake it: a client's signals have no order.
    await stack.settle();
  };
  await inTurns((number) =>
    tell(number, 'create', {
      at,
      resourceGroup: resourceGroupOf(number),
      containerGroupName: nameOf(number),
      ...factsOf(number),
      creation: { requestDigest: 'none' },
      incarnation: nameOf(number),
      tokenDigest: 'none',
    }),
  );
  await inTurns((number) => tell(number, 'provisioned', { at, incarnation: nameOf(number), endpoint }));
  await inTurns(async (number) => {
    if ((number * garbageCount) % count < garbageCount) await tell(number, 'mark', { at, commandId: nameOf(number) });
  });
}

const sweepCostsSchema = z.object({
  orchestrators: z.object({
    collectGarbage: z.object({ executions: z.int(), longestHistory: z.int() }),
    deleteContainerGroup: z.object({ executions: z.int() }).default({ executions: 0 }),
  }),
  queries: z.object({ entityLists: z.int(), instanceReads: z.int() }),
});
/** What sweeps and their deletions have cost. */
export type SweepCosts = z.infer<typeof sweepCostsSchema>;

/** What the sweeps of a stack have cost since its start. */
export async function readSweepCosts(stack: Stack): Promise<SweepCosts> {
  return sweepCostsSchema.parse((await stack.get('/admin/local/durable-costs')).body);
}

/** The report of a sweep later than this one, once it has counted all that it started. */
export async function readReportAfter(stack: Stack, number: number): Promise<SweepReport | undefined> {
  const { body } = await stack.get('/runtime/webhooks/durabletask/instances/collect-garbage');
  const { phase, last } = collectGarbage.status.parse(body.customStatus);
  return phase === 'waiting' && last !== undefined && last.number > number ? last : undefined;
}
