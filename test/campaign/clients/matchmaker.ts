import { z } from 'zod';
import { type Chance, createChance } from '../chance.ts';
import type { Fact } from '../facts.ts';
import { keyOf } from '../group-key.ts';
import type { Plan, PlannedName } from '../plan/plan.ts';
import type { Driver } from '../world/driver.ts';
import type { GameServers } from '../world/game-servers.ts';
import type { Caller } from './caller.ts';
import { drawCreation } from './creation.ts';
import { readReportAnswer } from './report-answer.ts';

/** What clients need. */
export interface ClientWorld {
  plan: Plan;
  caller: Caller;
  driver: Driver;
  servers: GameServers;
  nowMs: () => number;
  keep: (fact: Fact) => void;
  /** Whether the time of commands is over. */
  isQuiet: () => boolean;
  isOver: () => boolean;
}

const MINUTE_MS = 60_000;

/** Between two turns, on average. */
const MEAN_PAUSE_MS = 3 * MINUTE_MS;

/** Between two words on the servers that do not report. */
const REPORT_INTERVAL_MS = 11 * MINUTE_MS;

/** A matchmaker: wants so many groups, creates what is missing, marks what it does not need any more, and looks what there is. */
export async function runMatchmaker(world: ClientWorld): Promise<void> {
  const { plan, driver, isQuiet } = world;
  const chance = createChance(plan.seed, 10);
  const known = new Map<string, string>();
  for (let turn = 0; !isQuiet(); turn += 1) {
    const isStarting = turn < plan.wantedCount;
    await driver.after(chance.between(0, isStarting ? MINUTE_MS : 2 * MEAN_PAUSE_MS));
    if (turn % 8 === 7) await list(world, known);
    if (known.size < plan.wantedCount) {
      await create(world, chance, known);
    } else if (chance.happens(0.6)) {
      await mark(world, chance, known);
    } else if (chance.happens(0.2)) {
      await deleteIfIdle(world, chance, known);
    } else {
      await createAgain(world, chance, known);
    }
  }
}

/** Tells the app of the players on those servers that report nothing themselves. */
export async function reportForServers({
  plan,
  driver,
  servers,
  caller,
  nowMs,
  keep,
  isOver,
}: ClientWorld): Promise<void> {
  const chance = createChance(plan.seed, 11);
  while (!isOver()) {
    await driver.after(REPORT_INTERVAL_MS);
    const told = servers
      .matchmade()
      .map((server) => ({ server, wanted: Math.max(0, server.players + chance.whole(-3, 3)) }));
    if (told.length === 0) continue;
    for (const { server, wanted } of told) server.players = Math.min(server.players, wanted);
    const sentAtMs = nowMs();
    const body = told.map(({ server, wanted }) => ({ ...idOf(plan, server.key), activeSessions: wanted }));
    const { resultOf } = readReportAnswer(await caller.call('/api/ACISetSessions', { body }));
    for (const [index, { server, wanted }] of told.entries()) {
      const result = resultOf(index);
      const { status } = result;
      keep({ fact: 'report', atMs: nowMs(), sentAtMs, by: 'matchmaker', group: server.key, count: wanted, ...result });
      if (status === 'accepted' && server.isAlive) {
        server.players = wanted;
        server.heardAtMs = sentAtMs;
      }
      server.isCountKnown = status === 'accepted' || (status === 'refused' && server.isCountKnown);
    }
  }
}

async function list({ caller, plan }: ClientWorld, known: Map<string, string>): Promise<void> {
  const listed = new Map<string, string>();
  for (let token: string | null = ''; token !== null;) {
    const page: Awaited<ReturnType<Caller['command']>> = await caller.command('matchmaker', 'ACIList', {
      method: 'GET',
      query: new URLSearchParams({
        state: 'all',
        limit: '15',
        ...(token === '' ? {} : { continuationToken: token }),
      }).toString(),
    });
    if (page.status !== 200) return;
    for (const { resourceGroup, containerGroupName, state } of pageSchema.parse(page.body)) {
      listed.set(keyOf(resourceGroup, containerGroupName), state);
    }
    token = page.headers.get('x-continuation-token');
  }
  known.clear();
  const names = new Set(plan.names.map(({ key }) => key));
  for (const [key, state] of listed) if (names.has(key)) known.set(key, state);
}

const pageSchema = z.array(z.object({ resourceGroup: z.string(), containerGroupName: z.string(), state: z.string() }));

async function create(world: ClientWorld, chance: Chance, known: Map<string, string>): Promise<void> {
  const name = chance.pick(world.plan.names.filter(({ key }) => !known.has(key)));
  if (name !== undefined) await sendCreation(world, chance, name, known);
}

/** A name that is taken, as two matchmakers do that know nothing of each other. */
async function createAgain(world: ClientWorld, chance: Chance, known: Map<string, string>): Promise<void> {
  const name = chance.pick(world.plan.names.filter(({ key }) => known.has(key)));
  if (name !== undefined) await sendCreation(world, chance, name, known);
}

async function sendCreation(
  { caller, driver, plan }: ClientWorld,
  chance: Chance,
  name: PlannedName,
  known: Map<string, string>,
): Promise<void> {
  const idempotencyKey = `create-${plan.seed}-${chance.whole(0, 2 ** 40)}`;
  const body = drawCreation(chance, name, plan.seed);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const { status } = await caller.command('matchmaker', 'ACICreate', { body, group: name.key, idempotencyKey });
    if (status === 202 || status === 409) known.set(name.key, 'Creating');
    if (status !== 0 && status !== 503) return;
    await driver.after(20_000);
  }
}

async function mark({ caller, plan }: ClientWorld, chance: Chance, known: Map<string, string>): Promise<void> {
  const key = chance.pick([...known].filter(([, state]) => state === 'Running').map(([each]) => each));
  if (key === undefined) return;
  const body = { ...idOf(plan, key), state: 'MarkedForDeletion' };
  const { status } = await caller.command('matchmaker', 'ACISetState', { body, group: key });
  if (status === 200) known.set(key, 'MarkedForDeletion');
}

async function deleteIfIdle({ caller, plan }: ClientWorld, chance: Chance, known: Map<string, string>): Promise<void> {
  const key = chance.pick([...known.keys()]);
  if (key !== undefined) {
    await caller.command('matchmaker', 'ACIDelete', { body: { ...idOf(plan, key), ifIdle: true }, group: key });
  }
}

/** The names of a group, by its key. */
export function idOf({ names }: Plan, key: string): { resourceGroup: string; containerGroupName: string } {
  const planned = names.find((each) => each.key === key);
  const [resourceGroup = '', containerGroupName = ''] = key.split('/');
  return { resourceGroup: planned?.resourceGroup ?? resourceGroup, containerGroupName };
}
