import { fileURLToPath } from 'node:url';
import { type ArmEmulator, startArmEmulator } from '../arm/arm-emulator.ts';
import { createRealClock } from '../clock/real-clock.ts';
import { takeDataDirectory } from './data-directory.ts';
import { findEventWebhook } from './event-subscription.ts';
import { LOCAL_SUBSCRIPTION_ID, makeHostEnvironment } from './host-environment.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';
import { readFaults } from './read-faults.ts';
import { loadSealingKeys } from './sealing-key.ts';
import { StartError } from './start-error.ts';
import type { StartOptions } from './start-options.ts';
import { welcome } from './welcome.ts';

/** Where host.json and package.json are. */
const APP_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));

/** With a profile that makes things quick, nobody waits the minute that host.json says. */
const SHORT_VISIBILITY_TIMEOUT_MS = 2_000;

/** The running stack. */
export interface LocalStack {
  /** Resolves with the exit code when the host has ended, asked or not. */
  ended: Promise<number>;
  stop(): Promise<void>;
  /** Ends the host at once, for one who has no patience left. */
  kill(): void;
}

/**
 * Starts the emulator in this process and the host with the app in a child, and says so when requests are taken and events delivered.
 * Throws a `StartError`, with nothing left running, when an option doesn't allow it.
 */
export async function startLocalStack(options: StartOptions, print: (text: string) => void): Promise<LocalStack> {
  await using resources = new AsyncDisposableStack();
  const faults = await readFaults(options.faults);
  const directory = takeDataDirectory(options.dataDir, options);
  resources.defer(() => directory.release());
  const environment = process.env;
  const subscriptionId = environment['AZURE_SUBSCRIPTION_ID'] || environment['SUBSCRIPTIONID'] || LOCAL_SUBSCRIPTION_ID;
  const arm = await startArm(options, {
    dataDirectory: directory.path,
    faults,
    subscriptionId,
    log: (line) => print(`${new Date().toISOString().slice(11, 23)} info  arm ${line}\n`),
  });
  resources.defer(() => arm.stop());
  if (options.auth === 'on') await setRoleKeysLazily(directory.path);
  const host = startHostProcess({
    appDirectory: APP_DIRECTORY,
    port: options.port,
    dataDirectory: directory.path,
    seed: options.seed,
    auth: options.auth,
    platform: options.platform,
    visibilityTimeoutMs: options.profile === 'realistic' ? undefined : SHORT_VISIBILITY_TIMEOUT_MS,
    environment: makeHostEnvironment(environment, {
      ...arm,
      subscriptionId,
      sealingKeys: loadSealingKeys(directory.path),
    }),
  });
  resources.defer(() => host.stop());

  const origin = await host.ready;
  await subscribe(arm, host, origin, { dataDirectory: directory.path, auth: options.auth });
  print(welcome({ origin, armEndpoint: arm.endpoint, dataDirectory: directory.path, options }));
  const running = resources.move();
  return { ended: host.ended, stop: () => running.disposeAsync(), kill: host.kill };
}

/** Only where keys are enforced is the table read, and what reads it loaded. */
async function setRoleKeysLazily(dataDirectory: string): Promise<void> {
  const { setRoleKeys } = await import('./role-keys.ts');
  setRoleKeys(APP_DIRECTORY, dataDirectory);
}

async function startArm(
  { armPort, profile, seed }: StartOptions,
  rest: Pick<Parameters<typeof startArmEmulator>[0], 'dataDirectory' | 'faults' | 'subscriptionId' | 'log'>,
): Promise<ArmEmulator> {
  try {
    return await startArmEmulator({ ...rest, port: armPort, identityPort: 0, profile, seed, clock: createRealClock() });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const reason = `Port ${armPort} for the ARM emulator is in use by another process. Stop that one, or choose another --arm-port.`;
    throw new StartError(reason, { cause: error });
  }
}

/** Events flow once the app's webhook has answered the handshake, unless the host ends before. */
async function subscribe(
  arm: ArmEmulator,
  host: HostProcess,
  origin: string,
  where: { dataDirectory: string; auth: 'off' | 'on' },
): Promise<void> {
  const webhook = await findEventWebhook(origin, where.dataDirectory, where.auth);
  if (webhook === undefined) return;
  arm.publishTo(webhook);
  const hasEnded = await Promise.race([arm.whenSubscribed().then(() => false), host.ended.then(() => true)]);
  if (hasEnded) throw new StartError('The Functions host ended before it took Event Grid events.');
}
