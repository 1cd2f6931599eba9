import { type Chance, createChance } from '../chance.ts';
import type { ListedGroup } from '../facts.ts';
import { type ClientWorld, idOf } from './matchmaker.ts';

const MINUTE_MS = 60_000;

/** An operator: looks, sweeps, and deletes or gives up what is in the way, players or not. */
export async function runOperator(world: ClientWorld, listed: () => ReadonlyMap<string, ListedGroup>): Promise<void> {
  const { plan, driver, isQuiet } = world;
  const chance = createChance(plan.seed, 20);
  await driver.after(15 * MINUTE_MS);
  while (!isQuiet()) {
    await driver.after(chance.between(MINUTE_MS, 20 * MINUTE_MS));
    if (!isQuiet()) await act(world, chance, listed());
  }
}

async function act(
  { caller, plan }: ClientWorld,
  chance: Chance,
  listed: ReadonlyMap<string, ListedGroup>,
): Promise<void> {
  const key = chance.pick([...listed.keys()]) ?? plan.names[0]?.key ?? '';
  const id = idOf(plan, key);
  const query = new URLSearchParams(id).toString();
  switch (chance.whole(0, 8)) {
    case 0:
    case 1:
      await caller.command('operator', 'ACIDelete', { body: id, group: key });
      return;
    case 2:
      await caller.command('operator', 'ACISetState', { body: { ...id, state: 'Failed' }, group: key });
      return;
    case 3:
    case 4:
      await caller.command('operator', 'ACIGC', {});
      return;
    case 5:
      await caller.command('operator', 'ACIGC', { method: 'GET' });
      return;
    case 6:
      await caller.command('operator', 'ACIDetails', { method: 'GET', query, group: key });
      return;
    case 7: {
      const logs = `${query}&type=logs&containerName=server`;
      await caller.command('operator', 'ACIDetails', { method: 'GET', query: logs, group: key });
      return;
    }
    default: {
      // What nobody can tell whose it is waits for an operator (docs/operations.md).
      const unclear = [...listed].find(([, { failure }]) => failure?.code === 'tagMissing')?.[0];
      if (unclear !== undefined) {
        await caller.command('operator', 'ACIDelete', { body: idOf(plan, unclear), group: unclear });
      }
    }
  }
}
