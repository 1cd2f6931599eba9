import type { IpAddress } from '@azure/arm-containerinstance';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import type { Reconciliation } from '../../../src/domain/reconcile/reconciling.ts';
import { completed, createArmClient } from './arm-client.ts';
import { createBody, idOf, statesOf } from './game.ts';
import type { Stack } from './stack.ts';

const INSTANCES = '/runtime/webhooks/durabletask/instances';

/** Nobody tells the app what happens in Azure. */
export const silent = { ...noFaults, events: { ...noFaults.events, drop: 1 } };

/** The report of the `count`th reconciliation from now that begins after this. */
export async function reconciled(stack: Stack, count = 1): Promise<Reconciliation> {
  const { number } = (await stack.get(`${INSTANCES}/reconcile`)).body.customStatus;
  return stack.advanceUntil(async () => {
    const { reconciliation } = (await stack.api('ACIGC')).body;
    return reconciliation?.number >= number + count && reconciliation;
  });
}

async function purge(stack: Stack, instanceId: string): Promise<void> {
  await fetch(`${stack.origin}${INSTANCES}/${instanceId}`, { method: 'DELETE' });
}

/** Takes all that the store has of a group, as if the store had been emptied. */
export async function forget(stack: Stack, name: string): Promise<void> {
  await Promise.all(
    [`@containergroup@games:${name}`, `provision:games:${name}`, `delete:games:${name}`].map((id) => purge(stack, id)),
  );
}

/** Has another installation, or somebody else, create a container group beside ours. */
export async function createInArm(
  stack: Stack,
  name: string,
  tags: Record<string, string>,
  ipAddress?: IpAddress,
): Promise<void> {
  const { containerGroup } = createBody(name);
  const { containerGroups } = createArmClient(stack.arm);
  const resource = { ...containerGroup, tags, ipAddress: ipAddress ?? containerGroup.ipAddress };
  await completed(stack, () => containerGroups.beginCreateOrUpdate('games', name, resource));
  await stack.advanceUntil(async () => (await containerGroups.get('games', name)).ipAddress?.ip !== undefined);
}

/** Deletes groups, and waits until they are gone. */
export async function remove(stack: Stack, ...names: string[]): Promise<void> {
  for (const name of names) await stack.api('ACIDelete', { body: idOf(name) });
  await stack.advanceUntil(async () => (await statesOf(stack, names)).every((state) => state === undefined));
}
