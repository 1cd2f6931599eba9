import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { json } from 'node:stream/consumers';
import { issueToken } from '../../local/arm/identity/access-token.ts';
import { loadIdentitySecrets } from '../../local/arm/identity/identity-secrets.ts';
import { spawnStart, untilReady, type ProcessTree } from './process-tree.ts';

/** `npm start` without npm: the process tree that a user has, over real sockets. */
export interface StartedStack extends AsyncDisposable {
  dataDirectory: string;
  /** The tree that was started last. */
  tree(): ProcessTree;
  /** Where the host of that tree listens. */
  origin(): string;
  /** Gets an address that the host has given out, perhaps before it was started again on another port. */
  get(url: string): Promise<Answer>;
  api(path: string, init?: { method?: string; body?: unknown }): Promise<Answer>;
  /** The status with which ARM answers a GET of the group; asked past the app. */
  armStatus(containerGroupName: string): Promise<number>;
  /** The names of all container groups that ARM has. */
  armGroups(): Promise<string[]>;
  /** How many creations and deletions of container groups ARM has taken so far, whether it has answered them or not. */
  armWrites(): { created: number; deleted: number };
  /** Ends every process of the tree with SIGKILL, and starts it again on the data that is left. */
  killAndStart(): Promise<void>;
  /** Starts the tree again after its end. */
  start(): Promise<void>;
}

export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests compare answers of every shape with expected ones
  body: any;
}

const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';
const CONTAINER_GROUPS = 'providers/Microsoft.ContainerInstance/containerGroups';

/** Starts the tree with these options, on free ports and with a data directory of its own. */
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
    const tree = spawnStart(['--data-dir', dataDirectory, ...ports, ...options], environment);
    try {
      const origin = await untilReady(tree);
      return { tree, origin, armPort: Number(/https:\/\/127\.0\.0\.1:(\d+)/.exec(tree.output())?.[1]) };
    } catch (error) {
      await tree.kill();
      throw error;
    }
  }

  const askArm = async (path: string): Promise<Answer> => {
    const { signingKey } = await loadIdentitySecrets(dataDirectory);
    const { token } = issueToken('https://management.azure.com/', Date.now(), signingKey);
    const asked = request({
      host: '127.0.0.1',
      port: running.armPort,
      path: `/subscriptions/${SUBSCRIPTION_ID}/${path}?api-version=2023-05-01`,
      agent: false,
      ca: readFileSync(join(dataDirectory, 'tls/ca.pem')),
      headers: { authorization: `Bearer ${token}` },
    }).end();
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, body: await json(response) };
  };

  const owned = resources.move();
  return {
    dataDirectory,
    tree: () => running.tree,
    origin: () => running.origin,
    get: (url) => {
      const { pathname, search } = new URL(url);
      return call(`${running.origin}${pathname}${search}`);
    },
    api: (path, init) => call(`${running.origin}/api/${path}`, init),
    armStatus: async (containerGroupName) =>
      (await askArm(`resourceGroups/games/${CONTAINER_GROUPS}/${containerGroupName}`)).status,
    armGroups: async () => {
      const { body } = await askArm(CONTAINER_GROUPS);
      return body.value.map(({ name }: { name: string }) => name);
    },
    armWrites() {
      using database = new DatabaseSync(join(dataDirectory, 'arm.sqlite'), { readOnly: true });
      const count = database.prepare('SELECT count(*) AS count FROM writes WHERE kind = ?');
      const of = (kind: string): number => Number(count.get(kind)?.['count']);
      return { created: of('ContainerGroupCreation'), deleted: of('ContainerGroupDeletion') };
    },
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

async function call(url: string, init: { method?: string; body?: unknown } = {}): Promise<Answer> {
  const { body, method = body === undefined ? 'GET' : 'POST' } = init;
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
