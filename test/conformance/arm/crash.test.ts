import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { expect, test } from 'vitest';
import { WAIT_PATIENCE_MS } from '../../patience.ts';
import { type ArmAddress, connect, gameServer, refusalOf } from './harness.ts';
import { openWebhook } from './webhook.ts';

interface KillableArm extends AsyncDisposable {
  client: ContainerInstanceManagementClient;
  /** Kills it with a signal that it can't catch, and starts it again. */
  crash(): Promise<void>;
}

/** One in a process of this suite: MSAL remembers the first identity endpoint. */
async function openKillableArm(webhookUrl: string): Promise<KillableArm> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'arm-crash-'));
  let identityPort = '0';
  const start = async (): Promise<{ child: ChildProcess; client: ContainerInstanceManagementClient }> => {
    const script = fileURLToPath(new URL('process.ts', import.meta.url));
    const child = fork(script, [dataDirectory, identityPort, webhookUrl], { execArgv: [] });
    const address = await new Promise<ArmAddress>((resolve) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- arm-process.ts sends nothing else
      child.once('message', (message) => resolve(message as ArmAddress));
    });
    identityPort = new URL(address.identityEndpoint).port;
    return { child, client: connect(address) };
  };
  let { child, client } = await start();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    get client() {
      return client;
    },
    crash: async () => {
      await kill();
      ({ child, client } = await start());
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

test('kill -9 at any moment loses nothing that was acknowledged, and what was under way goes on', async () => {
  await using webhook = await openWebhook();
  await using arm = await openKillableArm(webhook.url);
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const names = Array.from({ length: 8 }, (_, index) => `game-${round}-${index}`);
    const creates = names.map(async (name) => {
      await arm.client.containerGroups.beginCreateOrUpdate('games', name, gameServer());
      acknowledged.push(name);
    });
    // The first answers are there, others are not, and every group is still being created.
    await Promise.race(creates);
    await arm.crash();
    await Promise.allSettled(creates);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(4);

  const { containerGroups } = arm.client;
  const stateOf = async (name: string): Promise<string | undefined> =>
    (await containerGroups.get('games', name)).instanceView?.state;
  for (const name of acknowledged) {
    await expect.poll(() => stateOf(name), { timeout: WAIT_PATIENCE_MS }).toBe('Running');
  }
  const told = (): Set<string | undefined> =>
    new Set(webhook.deliveries.map(({ event }) => event.subject.split('/').at(-1)));
  await expect.poll(() => acknowledged.filter((name) => !told().has(name)), { timeout: WAIT_PATIENCE_MS }).toEqual([]);

  const [deleted = ''] = acknowledged;
  await containerGroups.beginDeleteAndWait('games', deleted);
  await arm.crash();
  expect((await refusalOf(arm.client.containerGroups.get('games', deleted))).statusCode).toBe(404);
  const toldDeleted = (): boolean =>
    webhook.deliveries.some(
      ({ event }) => event.eventType.endsWith('DeleteSuccess') && event.subject.endsWith(`/${deleted}`),
    );
  await expect.poll(toldDeleted, { timeout: WAIT_PATIENCE_MS }).toBe(true);
});
