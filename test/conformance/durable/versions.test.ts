import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../../local/host/durable/work/orchestration-version.ts';
import { df, openTestHub } from './fixture.ts';
import type { TestHub } from './fixture.ts';

/** Row 12; learn.microsoft.com/azure/azure-functions/durable/durable-functions-orchestration-versioning, and what 3.19.0 was seen to do. */
df.app.orchestration('tellsVersion', function* (context) {
  return { version: context.df.version };
});
df.app.orchestration('tellsVersions', function* (context) {
  const given: unknown = yield context.df.callSubOrchestrator('tellsVersion', null, undefined, '0.5');
  const byDefault: unknown = yield context.df.callSubOrchestrator('tellsVersion', null);
  return { own: context.df.version, given, byDefault };
});
df.app.orchestration('continuesOnce', function* (context) {
  const { round } = context.df.getInput<{ round: number }>();
  yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 60_000));
  if (round === 2) return { version: context.df.version };
  context.df.continueAsNew({ round: 2 });
  return undefined;
});

const directory = mkdtempSync(join(tmpdir(), 'durable-versions-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function startAt(hub: TestHub, version: string, name = 'tellsVersion'): Promise<string> {
  const id = `${name}-${version}`;
  const answer = await hub.request('POST', `orchestrators/${name}/${id}?version=${version}`, { round: 1 });
  expect(answer.status).toBe(202);
  await hub.hub.whenIdle();
  return id;
}

describe('the version of an orchestration', () => {
  it.each([
    { description: 'is null where host.json names none', options: {}, version: null },
    { description: 'is the default of host.json', options: { defaultVersion: '1.0' }, version: '1.0' },
  ])('$description', async ({ options, version }) => {
    await using hub = openTestHub(options);
    expect((await hub.finish(await hub.start('tellsVersion'))).output).toEqual({ version });
  });

  it('is the one it is started with', async () => {
    await using hub = openTestHub({ defaultVersion: '1.0' });
    expect((await hub.finish(await startAt(hub, '0.9'))).output).toEqual({ version: '0.9' });
  });

  it('of a sub-orchestration is the host’s default and not its parent’s, unless it is given one', async () => {
    await using hub = openTestHub({ defaultVersion: '2.0' });
    expect((await hub.finish(await startAt(hub, '1.0', 'tellsVersions'))).output).toEqual({
      own: '1.0',
      given: { version: '0.5' },
      byDefault: { version: '2.0' },
    });
  });

  it('stays over continueAsNew and a newer host, and is new for a restart', async () => {
    const databasePath = join(directory, 'stays.sqlite');
    const first = openTestHub({ databasePath, defaultVersion: '1.0' });
    const id = await first.start('continuesOnce', { round: 1 }, 'a');
    await first.hub.whenIdle();
    await first.hub.stop();
    await using hub = openTestHub({ databasePath, defaultVersion: '2.0' });
    expect((await hub.finish(id)).output).toEqual({ version: '1.0' });
    await hub.request('POST', `instances/${id}/restart?restartWithNewInstanceId=false`);
    expect((await hub.finish(id)).output).toEqual({ version: '2.0' });
  });
});

describe('a host', () => {
  it.each([
    {
      strategy: 'CurrentOrOlder',
      host: '1.10',
      runs: ['1.9.1', '1.10', '0.1'],
      leaves: ['1.11', '1.10.0', 'v1', '2.0'],
    },
    { strategy: 'Strict', host: '1.10', runs: ['1.10'], leaves: ['1.9', '1.11'] },
    { strategy: 'None', host: '1.10', runs: ['1.9', '1.11', 'v1'], leaves: [] },
    { strategy: 'CurrentOrOlder', host: '', runs: [], leaves: ['0.1'] },
  ] as const)('at "$host" with $strategy runs $runs and leaves $leaves', async ({ strategy, host, runs, leaves }) => {
    await using hub = openTestHub({ defaultVersion: host, versionMatchStrategy: strategy });
    for (const version of [...runs, ...leaves]) await startAt(hub, version);
    const statuses = async (versions: readonly string[]) =>
      Promise.all(versions.map(async (version) => (await hub.status(`tellsVersion-${version}`)).runtimeStatus));
    expect(await statuses(runs)).toEqual(runs.map(() => 'Completed'));
    expect(await statuses(leaves)).toEqual(leaves.map(() => 'Pending'));
    expect(hub.logged).toEqual([]);
  });

  it('runs an orchestration without a version under CurrentOrOlder', async () => {
    const databasePath = join(directory, 'unversioned.sqlite');
    const first = openTestHub({ databasePath });
    await first.start('continuesOnce', { round: 1 }, 'a');
    await first.hub.whenIdle();
    await first.hub.stop();
    await using hub = openTestHub({ databasePath, defaultVersion: '1.0' });
    expect((await hub.finish('a')).output).toEqual({ version: null });
  });

  it('leaves a newer orchestration as it is, tries it again later, and lets others work, until a newer host takes it', async () => {
    const databasePath = join(directory, 'newer.sqlite');
    const newer = openTestHub({ databasePath, defaultVersion: '2.0' });
    await newer.start('continuesOnce', { round: 2 }, 'new');
    await newer.hub.whenIdle();
    const { executionId } = newer.hub.client.findInstance('new') ?? {};
    await newer.hub.stop();

    const older = openTestHub({ databasePath, defaultVersion: '1.0', clock: newer.clock });
    older.clock.advanceTo(older.clock.now() + 3_600_000);
    await older.hub.whenIdle();
    await older.request('POST', 'instances/new/terminate?reason=enough');
    expect((await older.finish(await older.start('tellsVersion'))).output).toEqual({ version: '1.0' });
    expect(older.hub.client.findInstance('new')).toMatchObject({ executionId, status: 'Running' });
    const againAtMs = older.clock.nextAtMs() ?? 0;
    expect(againAtMs).toBeGreaterThan(older.clock.now());
    older.clock.advanceTo(againAtMs);
    await older.hub.whenIdle();
    expect(older.hub.client.findInstance('new')?.status).toBe('Running');
    await older.hub.stop();

    await using hub = openTestHub({ databasePath, defaultVersion: '2.0', clock: newer.clock });
    expect(await hub.finish('new')).toMatchObject({ runtimeStatus: 'Terminated', output: 'enough' });
  });

  it('fails a newer one for good when it is told to', async () => {
    await using hub = openTestHub({ defaultVersion: '1.0', versionFailureStrategy: 'Fail' });
    const id = await startAt(hub, '2.0');
    expect(await hub.status(id)).toMatchObject({
      runtimeStatus: 'Failed',
      output: 'VersionMismatch: Orchestration version did not comply with Worker Versioning',
    });
    expect(hub.hub.client.history(id)).toHaveLength(4);
  });
});

it.each([
  { description: 'equal', a: '1.0', b: '1.0', order: 0 },
  { description: 'number by number', a: '1.10', b: '1.9.1', order: 1 },
  { description: 'fewer parts first', a: '1.0', b: '1.0.0', order: -1 },
  { description: 'none before any', a: '', b: '0.0', order: -1 },
  { description: 'none and none', a: '', b: '', order: 0 },
  { description: 'one part is a text', a: '10', b: '9', order: -1 },
  { description: 'a text after a number', a: 'v1', b: '2.0', order: 1 },
  { description: 'a suffix makes a text', a: '1.9-beta', b: '1.10', order: 1 },
  { description: 'texts without regard to case', a: 'Beta', b: 'beta', order: 0 },
])('versions compare, $description: "$a" with "$b"', ({ a, b, order }) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order);
  expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order);
});
