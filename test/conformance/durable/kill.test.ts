import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { PlatformName } from '../../../local/host/durable/platform/platform.ts';
import { countingInvoker } from './counting-invoker.ts';
import { openTestHub } from './fixture.ts';

it.each([
  { platform: 'gentle', killAfter: 200 },
  { platform: 'gentle', killAfter: 1000 },
  { platform: 'gentle', killAfter: 5000 },
  { platform: 'azure-storage', killAfter: 1000 },
] as const)('a kill -9 after $killAfter accepted signals on $platform loses none of them', async (run) => {
  const { platform, killAfter } = run;
  const directory = mkdtempSync(join(tmpdir(), 'durable-kill-'));
  const databasePath = join(directory, 'hub.sqlite');
  const acceptedByWorker = await signalUntilKilled(databasePath, platform, killAfter);
  const hub = openTestHub({ databasePath, platform, invoker: countingInvoker });
  await hub.runOut();
  for (const [worker, accepted] of acceptedByWorker) {
    const counted = Number((await hub.request('GET', `entities/counter/${worker}`)).json);
    // A signal may have been stored and its answer lost with the process, but each worker has one under way at a time.
    if (platform === 'gentle') expect([accepted, accepted + 1], `worker ${worker}`).toContain(counted);
    // Some came twice.
    else expect(counted, `worker ${worker}`).toBeGreaterThanOrEqual(accepted);
  }
  await hub.hub.stop();
  rmSync(directory, { recursive: true });
});

/** The number of signals that each worker saw accepted before the process was killed. */
async function signalUntilKilled(
  databasePath: string,
  platform: PlatformName,
  killAfter: number,
): Promise<Map<string, number>> {
  const program = fileURLToPath(new URL('kill-child.ts', import.meta.url));
  const child = spawn(process.execPath, [program, databasePath, platform], {
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
