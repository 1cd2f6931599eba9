import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createBody, groupOf, idOf, isRunning, untilStates } from './stack/game.ts';
import { startStack, type Stack } from './stack/stack.ts';

const ROUNDS = 4;
const GROUPS = 20;

/** Which groups' deletion ARM was asked for, and whether it had begun by the entity's word, as it was committed at that moment. */
const askedArm: { name: string; hasBegun: boolean }[] = [];

let stack: Stack;
let database: DatabaseSync | undefined;

beforeAll(async () => {
  const opened = vi.spyOn(DatabaseSync.prototype, 'prepare');
  stack = await startStack({
    profile: 'instant',
    faults: { quotas: 'off' },
    settings: { ACI_DELETIONS_PER_FIVE_MINUTES: '10000' },
  });
  // Nobody else may open the database of a running host, and its own connection sees what is committed at this very instant.
  database = opened.mock.contexts
    .filter((each) => each instanceof DatabaseSync)
    .find((each) => each.location()?.includes('task-hub-containergroups'));
  subscribe('http.client.request.start', watchArm);
});

afterAll(async () => {
  unsubscribe('http.client.request.start', watchArm);
  vi.restoreAllMocks();
  await stack.stop();
});

function watchArm(message: unknown): void {
  const { method, path } = requestSchema.parse(message).request;
  const name = /\/containerGroups\/([^?/]+)/.exec(path)?.[1];
  if (method === 'DELETE' && name !== undefined) {
    askedArm.push({ name, hasBegun: committedDeletion(name) });
  }
}

function committedDeletion(name: string): boolean {
  const row = database
    ?.prepare('SELECT state FROM entities WHERE entity_id = ?')
    .get(`@containergroup@games:${name}`.toLowerCase());
  const { state } = rowSchema.parse(row);
  return stateSchema.parse(JSON.parse(state)).deletion !== undefined;
}

const requestSchema = z.object({ request: z.object({ method: z.string(), path: z.string() }) });
const rowSchema = z.object({ state: z.string() });
const stateSchema = z.object({ deletion: z.unknown().optional() });

const report = async (name: string, activeSessions: number) =>
  (await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions } })).body.results[0];

async function createMarked(names: string[]): Promise<void> {
  await Promise.all(names.map((name) => stack.api('ACICreate', { body: createBody(name) })));
  await untilStates(stack, names, isRunning);
  await Promise.all(
    names.map((name) => stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } })),
  );
}

test('of a sweep and a report at the same moment, the report that was accepted is not lost', async () => {
  const statuses: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const names = Array.from({ length: GROUPS }, (_, index) => `round-${round}-${index}`);
    await createMarked(names);
    const sweeping = stack.post('/runtime/webhooks/durabletask/instances/collect-garbage/raiseEvent/sweepNow', {});
    // Each a little later than the one before, from well before the sweep decides to well after it.
    const reports = names.map(async (name, index) => {
      await waitTurns(index * 8);
      return report(name, 1);
    });
    await sweeping;
    const results = await Promise.all(reports);
    await stack.advance(20_000);
    for (const [index, name] of names.entries()) {
      const group = await groupOf(stack, name);
      const { status } = results[index];
      statuses.push(status);
      if (status === 'accepted') {
        expect(group, name).toMatchObject({ state: 'MarkedForDeletion', activeSessions: 1 });
        expect(group.deletion, name).toBeUndefined();
      } else {
        expect(['refused', 'unknownGroup'], name).toContain(status);
        expect(group === undefined || group.deletion !== undefined, name).toBe(true);
      }
    }
  }
  expect(statuses).toHaveLength(ROUNDS * GROUPS);
  expect(new Set(statuses)).toContain('accepted');
  expect(new Set(statuses)).toContain('refused');
});

test('ARM is asked to delete only what the entity has begun to delete, though batches are lost', () => {
  expect(askedArm.length).toBeGreaterThan(GROUPS);
  expect(askedArm.filter(({ hasBegun }) => !hasBegun)).toEqual([]);
});

async function waitTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}
