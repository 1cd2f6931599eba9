import { cpSync, mkdtempSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import type { ArmEmulator } from '../../../local/arm/arm-emulator.ts';
import { noFaults, type Faults } from '../../../local/arm/faults/faults.ts';
import type { ProfileName } from '../../../local/arm/groups/lifecycle/timing-profile.ts';
import { replaceGlobalDate } from '../../../local/clock/global-date.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { setRoleKeys } from '../../../local/cli/stack/role-keys.ts';
import type { PlatformName } from '../../../local/host/durable/platform/platform.ts';
import { startFunctionsHost, type FunctionsHost } from '../../../local/host/host.ts';
import type { HostLogLine } from '../../../local/host/log/host-log.ts';
import { testSeed } from '../../seed.ts';
import { startArmInProcess } from './arm-in-process.ts';
import { completed, createArmClient, SUBSCRIPTION_ID } from './arm-client.ts';
import { untilOnlyTheClockIsMissing, whileTimeGoesOn } from './only-the-clock.ts';

/** The app and the whole local stack in this process, under a virtual clock. A process may have several, one after the other. */
export interface Stack {
  arm: ArmEmulator;
  clock: VirtualClock;
  logs: HostLogLine[];
  /** Where the host keeps its keys and everything else; another place after a crash. */
  readonly hostDirectory: string;
  /** Where the emulator keeps what there is in Azure. */
  armDirectory: string;
  origin: string;
  /** Calls a function of the app. */
  api(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Calls any address of the host. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** Delivers events as Event Grid does. */
  postEvents(events: unknown[]): Promise<Answer>;
  /** Deletes a group of the resource group `games` past the app, as somebody else would. */
  deleteInArm(containerGroupName: string): Promise<void>;
  /** Lets everything that is due happen, without moving the clock. */
  settle(): Promise<void>;
  /** Moves the clock, stopping at everything that falls due on the way until it has happened. */
  advance(ms: number): Promise<void>;
  /** Moves the clock from one due moment to the next until the condition holds; fails after `withinMs` of virtual time. */
  advanceUntil<T>(condition: () => Promise<T | undefined | false>, withinMs?: number): Promise<T>;
  /**
   * Starts the host again, at the same address, on what it would leave if it were killed in this instant. The one before ends meanwhile,
   * as one does that has lost its leases, for which the clock moves a little: what it still stores is never read, and what it has asked of ARM is
   * done all the same.
   */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of every shape, and compare them with expected ones
  body: any;
}

export interface StackOptions {
  faults?: Partial<Faults>;
  profile?: ProfileName;
  settings?: Record<string, string>;
  auth?: 'on' | 'off';
  /** Default `azure-storage`. */
  platform?: PlatformName;
  /** Where host.json, package.json and `src` are; default: this repository. A process can run one app. */
  appDirectory?: string;
  /** Goes on with what `npm start` left in this directory, which is the caller's; else everything is new. */
  dataDirectory?: string;
  /** Where the clock stands at first. */
  startMs?: number;
  /** Of everything that comes by chance; default: that of the test run. */
  seed?: number;
}

/** 32 bytes of nothing. */
const SEALING_KEYS = `test:${Buffer.alloc(32).toString('base64')}`;

/** Starts everything; the clock stands at 2026-11-24T10:00:00Z unless told otherwise. */
export async function startStack({
  faults,
  profile = 'realistic',
  settings = {},
  auth = 'off',
  appDirectory = join(import.meta.dirname, '../../..'),
  dataDirectory,
  startMs = Date.UTC(2026, 10, 24, 10),
  platform = 'azure-storage',
  seed = testSeed,
}: StackOptions = {}): Promise<Stack> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'durable-aci-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const clock = createVirtualClock({ startMs });
  resources.use(replaceGlobalDate(clock));
  resources.defer(keepEnvironment());
  const logs: HostLogLine[] = [];
  const armDirectory = dataDirectory ?? join(directory, 'arm');
  const { arm, identity } = await startArmInProcess({
    dataDirectory: armDirectory,
    clock,
    profile,
    faults: { ...noFaults, ...faults },
    seed,
    subscriptionId: SUBSCRIPTION_ID,
    log: () => undefined,
  });
  resources.defer(() => arm.stop());
  setDefaultCACertificates([arm.caCertificate]);
  Object.assign(process.env, {
    ...identity,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    NO_PROXY: '127.0.0.1,localhost',
  });
  const hostDirectory = dataDirectory ?? join(directory, 'host');
  if (auth === 'on') {
    await mkdir(hostDirectory);
    setRoleKeys(appDirectory, hostDirectory);
  }
  const startHost = async (port: number, hostData: string): Promise<RunningHost> => ({
    directory: hostData,
    host: await startFunctionsHost({
      appDirectory,
      port,
      dataDirectory: hostData,
      clock,
      seed,
      auth,
      platform,
      reload: true,
      visibilityTimeoutMs: profile === 'realistic' ? undefined : 2_000,
      log: (line) => void logs.push(line),
      environment: {
        AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
        ACI_ARM_ENDPOINT: arm.endpoint,
        ACI_SEALING_KEYS: SEALING_KEYS,
        ...settings,
      },
    }),
  });
  let running = await startHost(0, hostDirectory);
  resources.defer(() => running.host.stop());
  const { origin } = running.host;
  const crash = async (): Promise<void> => {
    const left = mkdtempSync(join(directory, 'left-'));
    cpSync(running.directory, left, { recursive: true });
    await whileTimeGoesOn(clock, running.host.stop());
    running = await startHost(Number(new URL(origin).port), left);
  };
  const key = auth === 'on' ? `&code=${await readEventGridKey(hostDirectory)}` : '';
  arm.publishTo(`${origin}/runtime/webhooks/eventgrid?functionName=ACIMonitor${key}`);
  const stack = createStack({ running: () => running, arm, clock, logs, armDirectory, origin, crash }, () =>
    owned.disposeAsync(),
  );
  await stack.settle();
  const owned = resources.move();
  return stack;
}

/** The host of now, and where it keeps everything. */
interface RunningHost {
  host: FunctionsHost;
  directory: string;
}

/** Returns what puts the environment back as it is now: settings of one stack are not those of the next in its process. */
function keepEnvironment(): () => void {
  const earlier = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) {
      if (!(name in earlier)) {
        Reflect.deleteProperty(process.env, name);
      }
    }
    Object.assign(process.env, earlier);
  };
}

async function readEventGridKey(hostDirectory: string): Promise<string> {
  const keys: { systemKeys: { eventgrid_extension: string } } = JSON.parse(
    await readFile(join(hostDirectory, 'keys.json'), 'utf8'),
  );
  return keys.systemKeys.eventgrid_extension;
}

function createStack(
  {
    running,
    ...given
  }: Pick<Stack, 'arm' | 'clock' | 'logs' | 'armDirectory' | 'origin' | 'crash'> & { running: () => RunningHost },
  stop: () => Promise<void>,
): Stack {
  const { arm, clock, origin } = given;
  const settle = async (): Promise<void> => {
    // Each may give the other something to do: an activity a request, an event an invocation. Quiet thrice in a row is quiet.
    for (let round = 0; round < 3; round += 1) {
      const idle = new AbortController();
      const isHeld = await Promise.race([
        running()
          .host.whenIdle()
          .then(() => false),
        untilOnlyTheClockIsMissing(arm, idle.signal).then(() => true),
      ]);
      // Without a reason, one would be made at every step of the clock.
      idle.abort('settled');
      await arm.whenIdle();
      await nextTurn();
      if (isHeld) {
        return;
      }
    }
  };
  const advance = async (ms: number): Promise<void> => {
    const target = clock.now() + ms;
    await settle();
    for (let next = clock.nextAtMs(); next !== undefined && next <= target; next = clock.nextAtMs()) {
      clock.advanceTo(next);
      await settle();
    }
    clock.advanceTo(target);
  };
  const call = async (
    path: string,
    init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const { method = init.body === undefined ? 'GET' : 'POST', body, headers = {} } = init;
    const response = await fetch(new URL(path, origin), {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    ...given,
    get hostDirectory() {
      return running().directory;
    },
    settle,
    advance,
    async stop() {
      // An answer that ARM holds back would hold up the host's stop.
      await advance(60_000);
      await stop();
    },
    get: (path, headers = {}) => call(path, { headers }),
    post: (path, body) => call(path, { method: 'POST', body }),
    postEvents: (events) =>
      call('/runtime/webhooks/eventgrid?functionName=ACIMonitor', {
        method: 'POST',
        body: events,
        headers: { 'aeg-event-type': 'Notification' },
      }),
    async deleteInArm(containerGroupName) {
      const { containerGroups } = createArmClient(arm);
      await completed({ arm, advance }, () => containerGroups.beginDelete('games', containerGroupName));
    },
    api: (path, init) => call(`/api/${path}`, init),
    async advanceUntil(condition, withinMs = 3_600_000) {
      const deadlineMs = clock.now() + withinMs;
      for (;;) {
        await settle();
        const found = await condition();
        if (found !== undefined && found !== false) {
          return found;
        }
        const next = clock.nextAtMs();
        if (next === undefined || next > deadlineMs) {
          throw new Error(`The condition did not hold within ${withinMs} ms of virtual time.`);
        }
        clock.advanceTo(next);
      }
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
