import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { appDirectoryOf, type HostProcess, makeTemporaryDirectory, readJson, startHostProcess } from './process.ts';

const dataDirectory = makeTemporaryDirectory();
let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess(appDirectoryOf('durable'), { dataDirectory });
});
afterAll(() => host.stop());

const urlsSchema = z.object({ id: z.string(), statusQueryGetUri: z.string() });
const statusSchema = z.object({ runtimeStatus: z.string(), input: z.unknown(), output: z.unknown() });

const costsSchema = z.object({
  orchestrators: z.object({ inputs: z.object({ executions: z.number() }) }),
  queries: z.object({ instanceReads: z.number() }),
});

type Urls = z.infer<typeof urlsSchema>;
type Status = z.infer<typeof statusSchema>;

async function startOrchestration(name: string): Promise<Urls> {
  const response = await fetch(`${host.origin}/api/start/${name}`, { method: 'POST' });
  expect(response.status).toBe(202);
  return readJson(response, urlsSchema);
}

async function follow({ statusQueryGetUri }: Urls): Promise<Status> {
  const read = (): Promise<Status> => readJson(fetch(statusQueryGetUri), statusSchema);
  await expect.poll(async () => (await read()).runtimeStatus).toMatch(/Completed|Failed/);
  return read();
}

// Row 13 of the unkind host: a cost should be seen before the bill.
test('what the durable functions have cost is shown below /admin/local', async () => {
  await follow(await startOrchestration('inputs'));
  const costs = await readJson(fetch(`${host.origin}/admin/local/durable-costs`), costsSchema);
  expect(costs.orchestrators.inputs).toMatchObject({ executions: 1 });
  expect(costs.queries.instanceReads).toBeGreaterThan(0);
  expect((await fetch(`${host.origin}/admin/local/durable-costs`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${host.origin}/admin/local`)).status).toBe(404);
});

/** Lets a process make no file longer, and makes its disk as good as full, or lets it again; prlimit is Linux's. */
function limitFiles({ child: { pid } }: HostProcess, bytes: '1' | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
}

test.skipIf(process.platform !== 'linux')(
  'while the disk takes nothing the host answers 503 and says so in one line, and all goes on once it does',
  async () => {
    await using own = await startHostProcess(appDirectoryOf('durable'));
    const ask = async (path: string, method: string): Promise<number> =>
      (await fetch(`${own.origin}${path}`, { method })).status;
    limitFiles(own, '1');
    expect(await ask('/api/add', 'POST')).toBe(503);
    expect(await ask('/api/add', 'POST')).toBe(503);
    expect(await ask('/api/count', 'GET')).toBe(503);
    expect(await ask('/runtime/webhooks/durabletask/instances', 'GET')).toBe(503);
    expect(await ask('/admin/host/status', 'GET')).toBe(200);
    expect(own.output().trim()).toMatch(/^\S+ error host The file \S+\.sqlite can't be written: [^\n]+\.$/);
    limitFiles(own, 'unlimited');
    await expect.poll(() => ask('/api/add', 'POST')).toBe(202);
    await expect.poll(async () => (await fetch(`${own.origin}/api/count`)).text()).toContain('"entityState":2');
    expect(own.output()).toMatch(/^\S+ error host The file \S+\.sqlite can be written again\.$/m);
  },
);

test.skipIf(process.platform !== 'linux')('a host whose disk takes nothing stops cleanly', async () => {
  await using own = await startHostProcess(appDirectoryOf('durable'));
  limitFiles(own, '1');
  expect((await fetch(`${own.origin}/api/add`, { method: 'POST' })).status).toBe(503);
  own.child.kill('SIGINT');
  await expect.poll(() => own.child.exitCode).toBe(0);
});

test('an orchestration is started over the durable client and followed at its status URL', async () => {
  const urls = await startOrchestration('inputs');
  expect(new URL(urls.statusQueryGetUri).origin).toBe(host.origin);
  expect(new URL(urls.statusQueryGetUri).searchParams.get('taskHub')).toBe('FixtureHub');
  const status = await follow(urls);
  expect(status.input).toEqual({ from: 'client' });
  const { id: instanceId } = urls;
  expect(status.output).toEqual([
    { input: 's', type: 'string', instanceId },
    { input: 5, type: 'number', instanceId },
    { input: 'True', type: 'string', instanceId },
    { input: 'False', type: 'string', instanceId },
    { input: { a: 1 }, type: 'object', instanceId },
    { input: [1], type: 'object', instanceId },
    { input: null, type: 'undefined', instanceId },
    '{"text":"x"}',
    null,
  ]);
});

test('a failed activity fails its orchestration, and the log shows no inputs', async () => {
  const status = await follow(await startOrchestration('broken'));
  expect(status.runtimeStatus).toBe('Failed');
  expect(status.output).toContain(
    "Orchestrator function 'broken' failed: Activity function 'fails' failed: the activity failed",
  );
  await expect.poll(() => host.output()).toContain("Executed 'Functions.broken' (Failed");
  expect(host.output()).not.toContain('OutOfProcData');
  expect(host.output()).not.toContain('from');
});

test('an entity takes signals and answers with its state', async () => {
  for (let count = 0; count < 3; count++) await fetch(`${host.origin}/api/add`, { method: 'POST' });
  await expect
    .poll(async () => (await fetch(`${host.origin}/api/count`)).json())
    .toEqual({ entityExists: true, entityState: 6 });
});

test('the management API stands at the webhook, with a 404 for what is not there', async () => {
  const response = await fetch(`${host.origin}/runtime/webhooks/durabletask/instances/nobody`);
  expect(response.status).toBe(404);
});

test('entities and waiting orchestrations survive kill -9', async () => {
  const urls = await startOrchestration('waits');
  host.child.kill('SIGKILL');
  await expect.poll(() => host.child.signalCode).toBe('SIGKILL');
  host = await startHostProcess(appDirectoryOf('durable'), { dataDirectory });
  expect(await (await fetch(`${host.origin}/api/count`)).json()).toEqual({ entityExists: true, entityState: 6 });
  const { pathname, search } = new URL(urls.statusQueryGetUri);
  await expect
    .poll(async () => (await readJson(fetch(`${host.origin}${pathname}${search}`), statusSchema)).runtimeStatus)
    .toBe('Running');
});
