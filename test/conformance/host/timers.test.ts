import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { replaceGlobalDate } from '../../../local/clock/global-date.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { type FunctionsHost, startFunctionsHost } from '../../../local/host/host.ts';
import { appDirectoryOf, makeTemporaryDirectory, readJson } from './process.ts';

const FIRST_START_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let startMs = FIRST_START_MS;
let clock: VirtualClock;
let date: Disposable;
let dataDirectory: string;
let host: FunctionsHost;
let errors: string[];

// The app lives as long as the process, so each test has a day of its own.
beforeEach(async () => {
  startMs += DAY_MS;
  clock = createVirtualClock({ startMs });
  date = replaceGlobalDate(clock);
  dataDirectory = makeTemporaryDirectory();
  errors = [];
  host = await start('0 */5 * * * *');
});
afterEach(async () => {
  await host.stop();
  date[Symbol.dispose]();
});

function start(schedule: string, directory = dataDirectory): Promise<FunctionsHost> {
  return startFunctionsHost({
    appDirectory: appDirectoryOf('timers'),
    port: 0,
    dataDirectory: directory,
    clock,
    seed: 1,
    auth: 'off',
    platform: 'gentle',
    environment: { FIXTURE_SCHEDULE: schedule },
    log: (line) => line.level === 'error' && errors.push(line.message),
  });
}

const runsSchema = z.array(
  z.object({
    name: z.string(),
    at: z.string(),
    timer: z.object({
      isPastDue: z.boolean(),
      schedule: z.unknown(),
      scheduleStatus: z.object({ last: z.string(), next: z.string(), lastUpdated: z.string() }).nullable(),
    }),
    retryCount: z.number().optional(),
  }),
);

async function runsOf(name: string): Promise<z.infer<typeof runsSchema>> {
  const runs = await readJson(fetch(`${host.origin}/api/runs`), runsSchema);
  return runs.filter((run) => run.name === name && Date.parse(run.at) >= startMs);
}

async function advance(untilMs: number): Promise<void> {
  await host.whenIdle();
  for (let nextMs = clock.nextAtMs(); nextMs !== undefined && nextMs <= untilMs; nextMs = clock.nextAtMs()) {
    clock.advanceTo(nextMs);
    await host.whenIdle();
  }
  clock.advanceTo(untilMs);
}

const at = (offsetMs: number): string => new Date(startMs + offsetMs).toISOString();
const dotNet = (offsetMs: number): string => at(offsetMs).replace('.000Z', '+00:00');

test('a cron timer runs at each of its times, with its status', async () => {
  await advance(startMs + 15 * MINUTE_MS);
  const runs = await runsOf('everyFiveMinutes');
  expect(runs.map((run) => run.at)).toEqual([at(5 * MINUTE_MS), at(10 * MINUTE_MS), at(15 * MINUTE_MS)]);
  expect(runs[0]?.timer).toEqual({
    schedule: { adjustForDST: true },
    scheduleStatus: { last: '0001-01-01T00:00:00+00:00', next: dotNet(5 * MINUTE_MS), lastUpdated: dotNet(0) },
    isPastDue: false,
  });
  expect(runs[2]?.timer.scheduleStatus).toEqual({
    last: dotNet(10 * MINUTE_MS),
    next: dotNet(15 * MINUTE_MS),
    lastUpdated: dotNet(10 * MINUTE_MS),
  });
});

test.each([
  { when: 'while it runs', restarts: false },
  { when: 'while the host is down', restarts: true },
])('a timer goes on at the times of a clock that was set back $when', async ({ restarts }) => {
  await advance(startMs + 126 * MINUTE_MS);
  const runsBefore = (await runsOf('everyFiveMinutes')).length;
  if (restarts) await host.stop();
  clock.setBack(120 * MINUTE_MS);
  if (restarts) host = await start('0 */5 * * * *');
  await advance(startMs + 21 * MINUTE_MS);
  const runs = (await runsOf('everyFiveMinutes')).slice(runsBefore);
  expect(runs.map((run) => [run.at, run.timer.isPastDue])).toEqual([
    [at(10 * MINUTE_MS), false],
    [at(15 * MINUTE_MS), false],
    [at(20 * MINUTE_MS), false],
  ]);
});

test('a timer of seconds has no status', async () => {
  await advance(startMs + MINUTE_MS);
  const runs = await runsOf('everyTenSeconds');
  expect(runs).toHaveLength(6);
  expect(runs[0]?.timer.scheduleStatus).toBeNull();
});

test('an error does not stop the schedule', async () => {
  await advance(startMs + 120 * MINUTE_MS);
  expect(await runsOf('fails')).toHaveLength(2);
  expect(errors.some((message) => message.includes('thrown by a timer'))).toBe(true);
});

test('a retry policy calls again after its delay, with the number of the try', async () => {
  await advance(startMs + 60 * MINUTE_MS);
  expect((await runsOf('retries')).map((run) => [run.at, run.retryCount])).toEqual([
    [at(45 * MINUTE_MS), undefined],
    [at(45 * MINUTE_MS + 15_000), 1],
    [at(45 * MINUTE_MS + 30_000), 2],
  ]);
});

test('runOnStartup runs at once, the others wait for their time', async () => {
  await advance(startMs);
  expect((await runsOf('atStart')).map((run) => run.at)).toEqual([at(0)]);
  expect(await runsOf('everyFiveMinutes')).toEqual([]);
});

test('an occurrence missed while the host was down runs at the next start, as past due and once', async () => {
  await advance(startMs + 5 * MINUTE_MS);
  await host.stop();
  clock.advanceTo(startMs + 22 * MINUTE_MS);
  host = await start('0 */5 * * * *');
  await advance(startMs + 25 * MINUTE_MS);
  const runs = await runsOf('everyFiveMinutes');
  expect(runs.map((run) => [run.at, run.timer.isPastDue])).toEqual([
    [at(5 * MINUTE_MS), false],
    [at(22 * MINUTE_MS), true],
    [at(25 * MINUTE_MS), false],
  ]);
});

test('what a changed schedule would have missed is not past due', async () => {
  await advance(startMs + 5 * MINUTE_MS);
  await host.stop();
  clock.advanceTo(startMs + 22 * MINUTE_MS);
  host = await start('0 */7 * * * *');
  await advance(startMs + 28 * MINUTE_MS);
  expect((await runsOf('everyFiveMinutes')).map((run) => [run.at, run.timer.isPastDue])).toEqual([
    [at(5 * MINUTE_MS), false],
    [at(28 * MINUTE_MS), false],
  ]);
});

test('the admin API runs a timer now', async () => {
  const response = await fetch(`${host.origin}/admin/functions/everyFiveMinutes`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(202);
  await host.whenIdle();
  expect((await runsOf('everyFiveMinutes')).map((run) => run.at)).toEqual([at(0)]);
});

test('a schedule that is none, or a setting that is not there, fails the start by name', async () => {
  await expect(start('every day', makeTemporaryDirectory())).rejects.toThrow(
    /timer function 'everyFiveMinutes' can't start: The schedule 'every day'/,
  );
});
