import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArmAddress, bringIdentity, connect, gameServer, keepIdentity, refusalOf } from './harness.ts';
import { openWebhook, type Webhook } from './webhook.ts';

interface KillableArm extends AsyncDisposable {
  client: ContainerInstanceManagementClient;
  /** Lets it make no file longer, and makes its disk as good as full, or lets it again; prlimit is Linux's. */
  limitFiles(bytes: '1' | 'unlimited'): void;
  /** Kills it with a signal that it can't catch, and starts it again. */
  crash(): Promise<void>;
}

async function openKillableArm(webhookUrl: string): Promise<KillableArm> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'arm-crash-'));
  const start = async (): Promise<{ child: ChildProcess; client: ContainerInstanceManagementClient }> => {
    const script = fileURLToPath(new URL('process.ts', import.meta.url));
    const identityPort = await bringIdentity(dataDirectory);
    const child = fork(script, [dataDirectory, String(identityPort), webhookUrl], { execArgv: [] });
    const address = await new Promise<ArmAddress>((resolve) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- arm-process.ts sends nothing else
      child.once('message', (message) => resolve(message as ArmAddress));
    });
    await keepIdentity(dataDirectory, address);
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
    limitFiles: (bytes) => {
      execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:unlimited`]);
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

let webhook: Webhook;
let arm: KillableArm;

beforeAll(async () => {
  webhook = await openWebhook();
  arm = await openKillableArm(webhook.url);
});
afterAll(async () => {
  await arm[Symbol.asyncDispose]();
  await webhook[Symbol.asyncDispose]();
});

const stateOf = async (name: string): Promise<string | undefined> =>
  (await arm.client.containerGroups.get('games', name)).instanceView?.state;

test.skipIf(process.platform !== 'linux')(
  'while the disk takes nothing it answers 503, and what was under way goes on once it does',
  async () => {
    await arm.client.containerGroups.beginCreateOrUpdate('games', 'under-way', gameServer());
    arm.limitFiles('1');
    const refused = await refusalOf(arm.client.containerGroups.beginCreateOrUpdate('games', 'later', gameServer()));
    expect([refused.statusCode, refused.code]).toEqual([503, 'ServiceUnavailable']);
    expect((await refusalOf(arm.client.containerGroups.get('games', 'later'))).statusCode).toBe(404);
    arm.limitFiles('unlimited');
    await expect.poll(() => stateOf('under-way')).toBe('Running');
    const created = (): boolean => webhook.deliveries.some(({ event }) => event.subject.endsWith('/under-way'));
    await expect.poll(created).toBe(true);
  },
);

test('kill -9 at any moment loses nothing that was acknowledged, and what was under way goes on', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const names = Array.from({ length: 8 }, (_, index) => `game-${round}-${index}`);
    const { containerGroups: onesOfThisRound } = arm.client;
    const creates = names.map(async (name) => {
      await onesOfThisRound.beginCreateOrUpdate('games', name, gameServer());
      acknowledged.push(name);
    });
    // The first answers are there, others are not, and every group is still being created.
    await Promise.race(creates);
    await arm.crash();
    await Promise.allSettled(creates);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(4);

  const { containerGroups } = arm.client;
  for (const name of acknowledged) {
    await expect.poll(() => stateOf(name)).toBe('Running');
  }
  const told = (): Set<string | undefined> =>
    new Set(webhook.deliveries.map(({ event }) => event.subject.split('/').at(-1)));
  await expect.poll(() => acknowledged.filter((name) => !told().has(name))).toEqual([]);

  const [deleted = ''] = acknowledged;
  await containerGroups.beginDeleteAndWait('games', deleted);
  await arm.crash();
  expect((await refusalOf(arm.client.containerGroups.get('games', deleted))).statusCode).toBe(404);
  const toldDeleted = (): boolean =>
    webhook.deliveries.some(
      ({ event }) => event.eventType.endsWith('DeleteSuccess') && event.subject.endsWith(`/${deleted}`),
    );
  await expect.poll(toldDeleted).toBe(true);
});
