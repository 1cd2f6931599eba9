import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArmView, createArmView } from './arm-view.ts';
import { createHttpCalls, type HttpCalls } from './http-calls.ts';
import { testSeed } from '../seed.ts';
import { spawnStart, untilReady, type ProcessTree } from './process-tree.ts';

/** `npm start` without npm: the process tree that a user has, over real sockets. */
export interface StartedStack extends HttpCalls, ArmView, AsyncDisposable {
  dataDirectory: string;
  /** The tree that was started last. */
  tree(): ProcessTree;
  /** Where the host of that tree listens. */
  origin(): string;
  /** Ends every process of the tree with SIGKILL, and starts it again on the data that is left. */
  killAndStart(): Promise<void>;
  /** Starts the tree again after its end. */
  start(): Promise<void>;
}

/** Starts the tree with these options, on a backend as unkind as Azure's, on free ports and with a data directory of its own. */
export async function startStack(
  options: string[] = [],
  environment: Record<string, string> = {},
): Promise<StartedStack> {
  await using resources = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'durable-aci-e2e-'));
  resources.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  let running = await start();
  resources.defer(() => running.tree.kill());

  async function start() {
    const ports = ['--port', '0', '--arm-port', '0'];
    const unkind = ['--platform', 'azure-storage', '--seed', String(testSeed)];
    const tree = spawnStart(['--data-dir', dataDirectory, ...ports, ...unkind, ...options], environment);
    try {
      const origin = await untilReady(tree);
      return { tree, origin, armPort: Number(/https:\/\/127\.0\.0\.1:(\d+)/.exec(tree.output())?.[1]) };
    } catch (error) {
      await tree.kill();
      throw error;
    }
  }

  const owned = resources.move();
  return {
    ...createHttpCalls(() => running.origin),
    ...createArmView(dataDirectory, () => running.armPort),
    dataDirectory,
    tree: () => running.tree,
    origin: () => running.origin,
    killAndStart: async () => {
      await running.tree.kill();
      running = await start();
    },
    start: async () => {
      running = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
