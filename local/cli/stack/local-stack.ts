import { fileURLToPath } from 'node:url';
import type { ArmEmulator } from '../../arm/arm-emulator.ts';
import { readAppHealth } from './app-health.ts';
import { findEventWebhook } from './event-subscription.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';
import { StartError } from '../start-error.ts';
import type { StartOptions } from '../options/start-options.ts';
import { startAzure, type StartedAzure } from './started-azure.ts';
import { unlessGivenUp } from './unless-given-up.ts';
import { welcome } from './welcome.ts';

/** Where host.json and package.json are. */
const APP_DIRECTORY = fileURLToPath(new URL('../../..', import.meta.url));

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

/** What a host is started with; the signal says that nobody waits for it any more. */
export interface HostStart {
  options: StartOptions;
  azure: StartedAzure;
  signal: AbortSignal;
  print: (text: string) => void;
}

/**
 * Starts the emulator in this process and a host with the app in a child, and says so when requests are taken and events delivered.
 * Throws a `StartError`, with nothing left running, when an option doesn't allow it.
 */
export async function startLocalStack(
  start: Omit<HostStart, 'azure'>,
  startHost: (start: HostStart) => Promise<HostProcess>,
): Promise<LocalStack> {
  const { options, print, signal } = start;
  await using resources = new AsyncDisposableStack();
  const azure = resources.use(await startAzure(options, print));
  const host = await startHost({ ...start, azure });
  resources.defer(() => host.stop());

  const origin = await unlessGivenUp(host.ready, signal);
  const health = await readAppHealth(origin);
  if (health !== undefined && health.badSettings.length > 0) {
    throw new StartError("The app can't serve with its settings. It has named those that are wrong.");
  }
  const { dataDirectory, envFile } = azure;
  await unlessGivenUp(subscribe(azure.arm, host, origin, { dataDirectory, auth: options.auth }), signal);
  print(welcome({ origin, armEndpoint: azure.arm.endpoint, envFile, dataDirectory, options }));
  const running = resources.move();
  return { ended: host.ended, stop: () => running.disposeAsync(), kill: host.kill };
}

/** Starts the host of this project. */
export async function startOwnHost({ options, azure }: HostStart): Promise<HostProcess> {
  if (options.auth === 'on') await setRoleKeysLazily(azure.dataDirectory);
  return startHostProcess({
    appDirectory: APP_DIRECTORY,
    port: options.port,
    dataDirectory: azure.dataDirectory,
    seed: options.seed,
    auth: options.auth,
    platform: options.platform,
    visibilityTimeoutMs: options.profile === 'realistic' ? undefined : SHORT_VISIBILITY_TIMEOUT_MS,
    environment: azure.environment,
  });
}

/** Only where keys are enforced is the table read, and what reads it loaded. */
async function setRoleKeysLazily(dataDirectory: string): Promise<void> {
  const { setRoleKeys } = await import('./role-keys.ts');
  setRoleKeys(APP_DIRECTORY, dataDirectory);
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
