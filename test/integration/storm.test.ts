import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFaults } from '../../local/arm/faults/faults.ts';
import { createRandom } from '../../local/host/random.ts';
import { testSeed } from '../seed.ts';
import { createArmClient, namesInArm } from './stack/arm-client.ts';
import { watchArmWrites, type ArmWrites } from './stack/arm-writes.ts';
import { createBody, idOf } from './stack/game.ts';
import { readAllPages } from './stack/pages.ts';
import { startStack, type Answer, type Stack } from './stack/stack.ts';

const CLIENTS = 20;
const STORM_MS = 60_000;
/** How far the clock moves at a time while requests are under way. */
const STEP_MS = 100;

/** Between two requests of a client. */
const MEAN_PAUSE_MS = 1_500;

/** Nobody deletes these but the sweep, which never takes a group with players. */
const SWEPT = ['swept-1', 'swept-2', 'swept-3'];
const NAMES = [...SWEPT, ...Array.from({ length: 7 }, (_, index) => `any-${index + 1}`)];

interface Report {
  name: string;
  activeSessions: number;
  sentAtMs: number;
  answeredAtMs: number;
  status: string;
}

let stack: Stack;
let writes: ArmWrites;
const reports: Report[] = [];
const acceptedCreations = new Map<string, number>();
const unexpected: string[] = [];

beforeAll(async () => {
  writes = watchArmWrites();
  stack = await startStack({ profile: 'fast', settings: { ACI_SWEEP_INTERVAL: 'PT5S', ACI_POLL_INTERVAL: 'PT1S' } });
  stack.arm.setFaults({
    ...noFaults,
    quotas: 'off',
    arm: { ...noFaults.arm, throttleRate: 0.05, serverErrorRate: 0.1, lostAnswerRate: 0.2 },
    events: { ...noFaults.events, drop: 0.3, duplicate: 0.3 },
  });
});

afterAll(async () => {
  writes[Symbol.dispose]();
  await stack.stop();
});

/** Any status but these is a fault of the app; the few 503 are a command whose outcome did not show in time. */
function expectStatus(answer: Answer, ...expected: number[]): void {
  if (!expected.includes(answer.status)) {
    unexpected.push(`${answer.status} ${answer.text}`);
  }
}

async function create(name: string): Promise<void> {
  const answer = await stack.api('ACICreate', { body: createBody(name) });
  expectStatus(answer, 202, 409, 503);
  if (answer.status === 202) {
    acceptedCreations.set(name, (acceptedCreations.get(name) ?? 0) + 1);
  }
}

async function report(name: string, activeSessions: number): Promise<void> {
  const sentAtMs = stack.clock.now();
  const answer = await stack.api('ACISetSessions', { body: { ...idOf(name), activeSessions } });
  expectStatus(answer, 200);
  const [{ status }] = answer.body.results ?? [{}];
  reports.push({ name, activeSessions, sentAtMs, answeredAtMs: stack.clock.now(), status });
}

async function mark(name: string): Promise<void> {
  expectStatus(
    await stack.api('ACISetState', { body: { ...idOf(name), state: 'MarkedForDeletion' } }),
    200,
    404,
    409,
    503,
  );
}

async function remove(name: string): Promise<void> {
  expectStatus(await stack.api('ACIDelete', { body: idOf(name) }), 200, 202, 404, 409, 503);
}

let lastCount = 0;

/** One client: one request after the other, to names and in an order of its own. */
async function storm(client: number, isOver: () => boolean): Promise<void> {
  const random = createRandom(testSeed, client);
  while (!isOver()) {
    await after(random() * 2 * MEAN_PAUSE_MS);
    const name = NAMES[Math.floor(random() * NAMES.length)] ?? '';
    const chance = random();
    if (chance < 0.3) {
      await create(name);
    } else if (chance < 0.75) {
      // No count is reported twice, so that the one that stands tells which report it is from.
      await report(name, random() < 0.4 ? 0 : (lastCount += 1));
    } else if (chance < 0.9 || SWEPT.includes(name)) {
      await mark(name);
    } else {
      await remove(name);
    }
  }
}

/** Resolves when the clock has been moved so far. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => void stack.clock.schedule(stack.clock.now() + ms, resolve));
}

/** Moves the clock while the requests go on, which wait for it and for one another, until they are all answered. */
async function drive(requests: Promise<unknown>): Promise<void> {
  const state = { isDone: false };
  const end = (): void => {
    state.isDone = true;
  };
  requests.then(end, end);
  while (!state.isDone) {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    stack.clock.advanceTo(stack.clock.now() + STEP_MS);
  }
  await requests;
}

interface Group {
  containerGroupName: string;
  state: string;
  activeSessions: number;
  createdAt: string;
  incarnation: string;
}

async function readGroups(): Promise<Group[]> {
  const path = '/runtime/webhooks/durabletask/entities/containergroup?fetchState=true&top=1000';
  const rows = await readAllPages((headers) => stack.get(path, headers));
  return rows.map(({ state }: { state: Group }) => state);
}

/** Every orchestration that has not ended, but the eternal ones. */
async function readOpenInstances(): Promise<string[]> {
  const path = '/runtime/webhooks/durabletask/instances?runtimeStatus=Running,Pending,Suspended&top=1000';
  const rows = await readAllPages((headers) => stack.get(path, headers));
  return rows.map(({ instanceId }) => instanceId).filter((id) => /^(provision|delete):/.test(id));
}

test('twenty clients create, report, mark and delete ten names for a minute, and no request fails', async () => {
  const overAtMs = stack.clock.now() + STORM_MS;
  const isOver = (): boolean => stack.clock.now() >= overAtMs;
  await drive(Promise.all(Array.from({ length: CLIENTS }, (_, client) => storm(client, isOver))));
  expect(unexpected).toEqual([]);
  expect(acceptedCreations.size).toBe(NAMES.length);
  expect(reports.filter(({ status }) => status === 'accepted').length).toBeGreaterThan(50);
});

test('of every creation that was accepted one incarnation was put at most', () => {
  const puts = NAMES.map((name) => ({ name, count: writes.incarnationsOf(name).size }));
  expect(puts.filter(({ name, count }) => count > (acceptedCreations.get(name) ?? 0))).toEqual([]);
  expect(puts.some(({ count }) => count > 1)).toBe(true);
});

test('afterwards nothing is stuck, and the entities and ARM agree', async () => {
  stack.arm.setFaults({ ...noFaults, quotas: 'off' });
  await stack.advanceUntil(async () => (await readOpenInstances()).length === 0);
  // Groups that failed have their retention; what goes on is over by then, too.
  await stack.advance(5 * 60_000);
  await stack.advanceUntil(async () => (await readOpenInstances()).length === 0);
  const groups = await readGroups();
  expect(groups.filter(({ state }) => state === 'Creating')).toEqual([]);
  const inArm = new Map<string, string | undefined>();
  for await (const { name = '', tags } of createArmClient(stack.arm).containerGroups.list()) {
    inArm.set(name, tags?.['aci-incarnation']);
  }
  const present = groups.filter(({ state, containerGroupName }) => state !== 'Failed' || inArm.has(containerGroupName));
  expect(inArm).toEqual(
    new Map(present.map(({ containerGroupName, incarnation }) => [containerGroupName, incarnation])),
  );
});

test('every report that was accepted was applied, unless a newer one was', async () => {
  for (const { containerGroupName: name, activeSessions, createdAt } of await readGroups()) {
    const ofThisLife = acceptedReports(name).filter(({ sentAtMs }) => sentAtMs > Date.parse(createdAt));
    const standing = ofThisLife.filter((each) => each.activeSessions === activeSessions);
    const isNewest = standing.some(({ answeredAtMs }) => !ofThisLife.some(({ sentAtMs }) => sentAtMs > answeredAtMs));
    expect(isNewest || ofThisLife.length === 0, `${name} has ${activeSessions}: ${JSON.stringify(ofThisLife)}`).toBe(
      true,
    );
  }
});

test('no group that only a sweep may delete is gone while players are on it by the last report that was accepted', async () => {
  const living = new Map((await readGroups()).map((group) => [group.containerGroupName, group]));
  for (const name of SWEPT) {
    const accepted = acceptedReports(name);
    const lastSentAtMs = Math.max(...accepted.map(({ sentAtMs }) => sentAtMs));
    const last = accepted.filter(({ answeredAtMs }) => answeredAtMs >= lastSentAtMs);
    if (last.length > 0 && last.every(({ activeSessions }) => activeSessions > 0)) {
      expect(living.get(name)?.activeSessions, name).toBeGreaterThan(0);
    }
  }
});

function acceptedReports(name: string): Report[] {
  return reports.filter((each) => each.name === name && each.status === 'accepted');
}

test('in the end all are deleted, and ARM has nothing left', async () => {
  await drive(Promise.all(NAMES.map(async (name) => stack.api('ACIDelete', { body: idOf(name) }))));
  await stack.advanceUntil(async () => (await readGroups()).length === 0);
  expect(await namesInArm(stack.arm)).toEqual([]);
});
