import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { countingInvoker } from './counting-invoker.ts';
import { openTestHub } from './fixture.ts';

it.each([200, 1000, 5000])('a kill -9 after %i accepted signals loses none of them', async (killAfter) => {
  const directory = mkdtempSync(join(tmpdir(), 'durable-kill-'));
  const databasePath = join(directory, 'hub.sqlite');
  const acceptedByWorker = await signalUntilKilled(databasePath, killAfter);
  const hub = openTestHub({ databasePath, invoker: countingInvoker });
  await hub.hub.whenIdle();
  for (const [worker, accepted] of acceptedByWorker) {
    const counted = Number((await hub.request('GET', `entities/counter/${worker}`)).json);
    // A signal may have been stored and its answer lost with the process, but each worker has one under way at a time.
    expect([accepted, accepted + 1], `worker ${worker}`).toContain(counted);
  }
  await hub.hub.stop();
  rmSync(directory, { recursive: true });
});

/** The number of signals that each worker saw accepted before the process was killed. */
async function signalUntilKilled(databasePath: string, killAfter: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('kill-child.ts', import.meta.url)), databasePath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acceptedByWorker = new Map<string, number>();
  let lineCount = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [worker = '', count = ''] = line.split(' ');
    // The last line may have been cut off by the kill.
    const isNext = Number(count) === (acceptedByWorker.get(worker) ?? 0) + 1;
    if (isNext) acceptedByWorker.set(worker, Number(count));
    lineCount += 1;
    if (lineCount === killAfter) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acceptedByWorker;
}
