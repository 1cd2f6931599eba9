import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HostStart } from '../cli/stack/local-stack.ts';
import { StartError } from '../cli/start-error.ts';
import { ensureAzurite } from './installed-azurite.ts';
import { type KeptProcess, startKeptProcess } from './kept-process.ts';
import { unlessGivenUp } from '../cli/stack/unless-given-up.ts';

/** The emulator of Azure Storage, on ports that the system has chosen: another one may be running. */
export interface Azurite extends AsyncDisposable {
  /** For `AzureWebJobsStorage`. */
  connectionString: string;
  /** Resolves with the exit code when it has ended, asked or not. */
  ended: Promise<number>;
}

/** Any name will do; tools that show storage know this one as the emulator's. */
const ACCOUNT = 'devstoreaccount1';

const SERVICES = ['Blob', 'Queue', 'Table'] as const;

/** Starts Azurite on the state in `directory`, and resolves once its three services listen. Its account has a new key each time. */
export async function startAzurite(directory: string, waiting: Pick<HostStart, 'signal' | 'print'>): Promise<Azurite> {
  const program = await ensureAzurite(waiting);
  mkdirSync(directory, { recursive: true });
  const accountKey = randomBytes(32).toString('base64');
  await using resources = new AsyncDisposableStack();
  const azurite = resources.use(
    startKeptProcess(
      { command: process.execPath, args: [program, ...OPTIONS, '--location', directory], cwd: directory },
      { environment: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${accountKey}` }, isRead: true },
    ),
  );
  const listening = Promise.race([readEndpoints(azurite), failWhenEnded(azurite)]);
  const endpoints = await unlessGivenUp(listening, waiting.signal);
  const parts = [
    'DefaultEndpointsProtocol=http',
    `AccountName=${ACCOUNT}`,
    `AccountKey=${accountKey}`,
    ...SERVICES.map((service) => `${service}Endpoint=${endpoints.get(service)}/${ACCOUNT}`),
  ];
  const running = resources.move();
  return {
    connectionString: parts.join(';'),
    ended: azurite.ended,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A new storage library may ask for a version of the API that Azurite does not know yet, and is served all the same (its README). */
const OPTIONS = [
  '--silent',
  '--disableTelemetry',
  '--skipApiVersionCheck',
  ...SERVICES.flatMap((service) => [`--${service.toLowerCase()}Port`, '0']),
];

/** Resolves with each service's origin, as Azurite tells it; what it prints later is read too, or it would wait for a reader. */
function readEndpoints({ output }: KeptProcess): Promise<Map<string, string>> {
  const endpoints = new Map<string, string>();
  return new Promise((resolve) => {
    if (output === null) return;
    createInterface({ input: output }).on('line', (line) => {
      const [, service, origin] = /^Azurite (\w+) service is successfully listening at (\S+)/.exec(line) ?? [];
      if (service !== undefined && origin !== undefined) endpoints.set(service, origin);
      if (SERVICES.every((each) => endpoints.has(each))) resolve(endpoints);
    });
  });
}

async function failWhenEnded({ ended }: KeptProcess): Promise<never> {
  const exitCode = await ended;
  throw new StartError(`Azurite ended before it was ready (exit code ${exitCode}).`);
}
