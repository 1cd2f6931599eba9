import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readAppHealth } from '../cli/stack/app-health.ts';
import type { HostProcess } from '../cli/stack/host-process.ts';
import type { HostStart } from '../cli/stack/local-stack.ts';
import { StartError } from '../cli/start-error.ts';
import { startAzurite } from './azurite.ts';
import { findCoreTools } from './find-core-tools.ts';
import { chooseFreePort } from './free-port.ts';
import { startKeptProcess } from './kept-process.ts';
import { unlessGivenUp } from '../cli/stack/unless-given-up.ts';

/** The first start downloads the extension bundle, some hundred megabytes. */
const READY_WITHIN_MS = 10 * 60 * 1000;

const ASK_AGAIN_MS = 250;

/**
 * Runs the app on Core Tools, the real host, with Azurite for its storage. `stageApp` fills a folder with what would be
 * deployed. Throws a `StartError`, with nothing left running, where the tools are missing or the port is taken.
 */
export async function startCoreToolsHost(
  { options, azure, signal, print }: HostStart,
  stageApp: (folder: string) => Promise<unknown>,
): Promise<HostProcess> {
  await using resources = new AsyncDisposableStack();
  await findCoreTools(azure.environment, signal);
  const port = await chooseFreePort(options.port);
  const appDirectory = join(azure.dataDirectory, 'app');
  await unlessGivenUp(stageApp(appDirectory), signal);
  const azurite = resources.use(await startAzurite(join(azure.dataDirectory, 'azurite'), { signal, print }));
  const environment = {
    ...azure.environment,
    AzureWebJobsStorage: azurite.connectionString,
    FUNCTIONS_WORKER_RUNTIME: 'node',
  };
  const program = { command: 'func', args: ['start', '--port', String(port)], cwd: appDirectory };
  const func = resources.use(startKeptProcess(program, { environment }));
  const ended = whenOneEnds(func.ended, azurite.ended, print);
  const running = resources.move();
  return {
    ready: whenReady(`http://127.0.0.1:${port}`, ended, signal),
    ended,
    stop: () => running.disposeAsync(),
    // Whoever has no patience ends this process, and what is being stopped is killed at that.
    kill: () => undefined,
  };
}

/** The app cannot live without its storage. */
async function whenOneEnds(
  func: Promise<number>,
  azurite: Promise<number>,
  print: HostStart['print'],
): Promise<number> {
  const first = await Promise.race([
    func.then((exitCode) => ({ exitCode, isAzurite: false })),
    azurite.then((exitCode) => ({ exitCode, isAzurite: true })),
  ]);
  if (!first.isAzurite) return first.exitCode;
  print(`Azurite ended with exit code ${first.exitCode}.\n`);
  return first.exitCode || 1;
}

async function whenReady(origin: string, ended: Promise<number>, signal: AbortSignal): Promise<string> {
  const answered = new AbortController();
  const timeout = AbortSignal.timeout(READY_WITHIN_MS);
  const failed = ended.then((exitCode) => {
    throw new StartError(`Core Tools ended before the app was ready (exit code ${exitCode}).`);
  });
  try {
    const isOver = AbortSignal.any([signal, timeout, answered.signal]);
    await Promise.race([untilHealthy(origin, isOver), failed]);
    return origin;
  } catch (error) {
    if (signal.aborted || !timeout.aborted) throw error;
    const reason = `The app did not answer 200 at ${origin}/api/health within ten minutes. What Core Tools printed says why.`;
    throw new StartError(reason, { cause: error });
  } finally {
    answered.abort();
  }
}

async function untilHealthy(origin: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const health = await readAppHealth(origin, signal);
    if (health?.status === 200) return;
    if (health !== undefined && health.badSettings.length > 0) {
      throw new StartError(`The app can't serve with these settings:\n  ${health.badSettings.join('\n  ')}`);
    }
    await delay(ASK_AGAIN_MS);
    signal.throwIfAborted();
  }
}
