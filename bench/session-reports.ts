import { createGroups, type CreationResult, measureCreations } from './creations.ts';
import { type Floor, startFloor } from './floor.ts';
import { idOf } from './game.ts';
import { type LoadResult, sendLoad } from './load.ts';
import { median } from './median.ts';
import { listGroups, type Stack, startStack, waitFor } from './stack.ts';

/** What was measured of one target, the medians of all rounds. */
export interface ReportRates {
  name: string;
  rate: LoadResult;
  /** The slowest and the fastest round, in reports a second. */
  fromPerSecond: number;
  toPerSecond: number;
  /** How long after the load every report was applied; undefined for a floor, which applies none. */
  drainMs?: number;
}

interface Target {
  name: string;
  url: string;
  groupCount: number;
  stack?: Stack;
}

/** How much is measured. */
export interface ReportOptions {
  /** Rounds before those that count: the compilers take some seconds. */
  warmUpRounds: number;
  rounds: number;
  roundMs: number;
  concurrency: number;
  /** A multiple of `rounds`. */
  manyGroups: number;
}

const FEW_GROUPS = 10;

/** A count that the load never sends, so that it shows when everything before it was applied. */
const MARK = 999_999;

/**
 * Measures both floors and the app with few and with many groups, all by turns, so that what else the machine does hits all alike. The
 * groups that this needs are the creations that are measured.
 */
export async function measureSessionReports(
  options: ReportOptions,
): Promise<{ rates: ReportRates[]; creations: CreationResult }> {
  await using echo = await startFloor(new URL('floor-echo.ts', import.meta.url));
  await using client = await startFloor(new URL('floor-durable-client.ts', import.meta.url));
  await using small = await startStack();
  await createGroups(small, 0, FEW_GROUPS);
  await using large = await startStack();
  const batchCount = options.rounds;
  const batchSize = options.manyGroups / batchCount;
  const creations = await measureCreations(large, { from: 0, batchCount, batchSize });
  const targets = [
    floorTarget('floor 1: node:http, JSON in and out', echo),
    floorTarget('floor 2: durable client, GET and POST', client),
    stackTarget(`ACISetSessions, ${FEW_GROUPS} groups`, small, FEW_GROUPS),
    stackTarget(`ACISetSessions, ${options.manyGroups} groups`, large, options.manyGroups),
  ];
  return { rates: await measureByTurns(targets, options), creations };
}

function floorTarget(name: string, { url }: Floor): Target {
  return { name, url, groupCount: FEW_GROUPS };
}

function stackTarget(name: string, stack: Stack, groupCount: number): Target {
  return { name, url: stack.url('ACISetSessions'), groupCount, stack };
}

async function measureByTurns(targets: readonly Target[], options: ReportOptions): Promise<ReportRates[]> {
  const rounds = new Map(
    targets.map((target) => [target, { rates: new Array<LoadResult>(), drainsMs: new Array<number>() }]),
  );
  for (let round = -options.warmUpRounds; round < options.rounds; round += 1) {
    for (const [target, { rates, drainsMs }] of rounds) {
      const { url, groupCount, stack } = target;
      const { concurrency, roundMs: durationMs } = options;
      const rate = await sendLoad({ url, groupCount, concurrency, durationMs });
      const drainMs = stack && (await drain(stack, groupCount));
      if (round < 0) continue;
      rates.push(rate);
      if (drainMs !== undefined) drainsMs.push(drainMs);
    }
  }
  return [...rounds].map(([{ name }, { rates, drainsMs }]) => ({ name, ...summarize(rates, drainsMs) }));
}

/** Reports are applied in order, so that what is sent now shows when all before it were. */
async function drain(stack: Stack, groupCount: number): Promise<number> {
  const startedMs = performance.now();
  const marks = Array.from({ length: groupCount }, (_, number) => ({ ...idOf(number), activeSessions: MARK }));
  await stack.call('ACISetSessions', marks);
  await waitFor('reports are applied', 20, async () => {
    const groups = await listGroups(stack);
    return groups.every(({ activeSessions }) => activeSessions === MARK);
  });
  return performance.now() - startedMs;
}

function summarize(rates: readonly LoadResult[], drainsMs: readonly number[]): Omit<ReportRates, 'name'> {
  const perSecond = rates.map((rate) => rate.perSecond);
  return {
    rate: {
      perSecond: median(perSecond),
      medianMs: median(rates.map(({ medianMs }) => medianMs)),
      p99Ms: median(rates.map(({ p99Ms }) => p99Ms)),
    },
    fromPerSecond: Math.min(...perSecond),
    toPerSecond: Math.max(...perSecond),
    ...(drainsMs.length === 0 ? {} : { drainMs: median(drainsMs) }),
  };
}
