import { join } from 'node:path';
import { startArmEmulator, type ArmEmulator } from '../../../local/arm/arm-emulator.ts';
import { noFaults, type Faults } from '../../../local/arm/faults/faults.ts';
import { createRealClock } from '../../../local/clock/real-clock.ts';
import { makeTemporaryDirectory, startHostProcess, type HostProcess } from '../../conformance/host/process.ts';
import { WAIT_PATIENCE_MS } from '../../patience.ts';
import { testSeed } from '../../seed.ts';
import type { Answer } from './stack.ts';

/** The app in a process of its own that can be killed and started again, beside an emulator that goes on; in real time. */
export interface ProcessStack {
  arm: ArmEmulator;
  /** What the processes of the app have printed, of every level. */
  output(): string;
  /** Every answer of the app or of its host so far, as text, with what was asked. */
  answers: string[];
  /** Where the host keeps everything. */
  hostDirectory: string;
  call(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Asks until the condition holds. */
  until<T>(condition: () => Promise<T | undefined | false>): Promise<T>;
  kill(): Promise<void>;
  /** Starts the app again, or the one in another directory, on what the one before it left. */
  start(appDirectory?: string): Promise<void>;
  stop(): Promise<void>;
}

const SUBSCRIPTION_ID = '00000000-0000-0000-0000-000000000001';

/** Starts both; `settings` are the app's. */
export async function startProcessStack(
  settings: Record<string, string>,
  faults: Partial<Faults> = {},
): Promise<ProcessStack> {
  const directory = makeTemporaryDirectory();
  const hostDirectory = join(directory, 'host');
  const arm = await startArmEmulator({
    port: 0,
    identityPort: 0,
    dataDirectory: join(directory, 'arm'),
    clock: createRealClock(),
    profile: 'instant',
    faults: { ...noFaults, ...faults },
    seed: testSeed,
    subscriptionId: SUBSCRIPTION_ID,
    log: () => undefined,
  });
  const printed: HostProcess[] = [];
  const answers: string[] = [];
  let host: HostProcess;

  const start = async (appDirectory = join(import.meta.dirname, '../../..')): Promise<void> => {
    host = await startHostProcess(appDirectory, {
      dataDirectory: hostDirectory,
      logLevel: 'trace',
      seed: testSeed,
      platform: 'azure-storage',
      visibilityTimeoutMs: 2_000,
      environment: {
        AZURE_SUBSCRIPTION_ID: SUBSCRIPTION_ID,
        ACI_ARM_ENDPOINT: arm.endpoint,
        ACI_POLL_INTERVAL: 'PT1S',
        ...settings,
      },
      processEnvironment: {
        NODE_EXTRA_CA_CERTS: arm.caCertificatePath,
        IDENTITY_ENDPOINT: arm.identityEndpoint,
        IDENTITY_HEADER: arm.identityHeader,
        AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
        NO_PROXY: '127.0.0.1,localhost',
      },
    });
    printed.push(host);
    arm.publishTo(`${host.origin}/runtime/webhooks/eventgrid?functionName=ACIMonitor`);
  };
  await start();

  return {
    arm,
    answers,
    hostDirectory,
    start,
    output: () => printed.map((each) => each.output()).join('\n'),
    async call(path, init = {}) {
      const { method = init.body === undefined ? 'GET' : 'POST', body, headers = {} } = init;
      const response = await fetch(new URL(path, host.origin), {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      answers.push([`${method} ${path} ${response.status}`, ...[...response.headers].flat(), text].join('\n'));
      return { status: response.status, headers: response.headers, text, body: parse(text) };
    },
    async until(condition) {
      for (const deadlineMs = Date.now() + WAIT_PATIENCE_MS; Date.now() < deadlineMs;) {
        const found = await condition();
        if (found !== undefined && found !== false) {
          return found;
        }
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      throw new Error('The condition did not hold in time.');
    },
    async kill() {
      const ended = new Promise((resolve) => {
        host.child.once('exit', resolve);
      });
      host.child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      await host.stop();
      await arm.stop();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
