import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import tls from 'node:tls';
import { type ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { isRestError, type RestError } from '@azure/core-rest-pipeline';
import { ManagedIdentityCredential } from '@azure/identity';
import { type ArmEmulator, type ArmEmulatorOptions, startArmEmulator } from '../../../local/arm/arm-emulator.ts';
import { noFaults } from '../../../local/arm/faults/faults.ts';
import type { VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { createRealClock } from '../../../local/clock/real-clock.ts';
import { SUBSCRIPTION_ID } from './subscription.ts';

/** An emulator with a data directory of its own and the real SDK pointed at it. */
export interface ArmHarness extends AsyncDisposable {
  arm: ArmEmulator;
  client: ContainerInstanceManagementClient;
  /** What the emulator told its user. */
  lines: string[];
  dataDirectory: string;
  /** Stops the emulator and starts another one on the same data. */
  reopen(): Promise<void>;
}

/** Starts an emulator; the defaults make it instant and without quotas. */
export async function openArmHarness(overrides: Partial<ArmEmulatorOptions> = {}): Promise<ArmHarness> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'arm-emulator-'));
  const lines: string[] = [];
  const start = async (): Promise<{ arm: ArmEmulator; client: ContainerInstanceManagementClient }> => {
    const identityPort = await bringIdentity(dataDirectory);
    const arm = await startArmEmulator({
      port: 0,
      identityPort,
      dataDirectory,
      clock: createRealClock(),
      profile: 'instant',
      faults: { ...noFaults, quotas: 'off' },
      seed: 1,
      subscriptionId: SUBSCRIPTION_ID,
      log: (line) => lines.push(line),
      ...overrides,
    });
    await keepIdentity(dataDirectory, arm);
    return { arm, client: connect(arm) };
  };
  const harness: ArmHarness = {
    ...(await start()),
    lines,
    dataDirectory,
    reopen: async () => {
      await harness.arm.stop();
      Object.assign(harness, await start());
    },
    [Symbol.asyncDispose]: async () => {
      await harness.arm.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
  return harness;
}

/**
 * The identity endpoint of the first emulator. MSAL keeps the endpoint, the header and the tokens that it saw first for the rest of the
 * process (@azure/msal-node, ManagedIdentityClient.ts), so every later emulator has the same ones.
 */
const identity = { port: 0, keyPath: join(tmpdir(), `arm-emulator-${process.pid}.key`) };

/** Gives a new data directory the identity of this process, if it has one; resolves with the port at which that has to answer. */
export async function bringIdentity(dataDirectory: string): Promise<number> {
  if (identity.port !== 0) await copyFile(identity.keyPath, join(dataDirectory, 'identity.key'));
  return identity.port;
}

/** Makes the identity of a first emulator that of this process. */
export async function keepIdentity(dataDirectory: string, arm: Pick<ArmAddress, 'identityEndpoint'>): Promise<void> {
  identity.port = Number(new URL(arm.identityEndpoint).port);
  await copyFile(join(dataDirectory, 'identity.key'), identity.keyPath);
}

/** Moves a virtual clock from alarm to alarm until `promise` is settled, letting everything in between happen in real time. */
export async function advanceUntil<T>(arm: ArmEmulator, clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  for (;;) {
    await arm.whenIdle();
    if (await Promise.race([settled, nextTurn(false)])) return promise;
    const nextMs = clock.nextAtMs();
    // A request on the wire is not the emulator's yet: the clock stands until an answer waits for it.
    if (nextMs !== undefined && arm.heldAnswers() > 0) clock.advanceTo(nextMs);
  }
}

/** Expects a call to be refused and gives what the SDK threw. */
export async function refusalOf(call: Promise<unknown>): Promise<RestError> {
  const error = await call.then(
    () => undefined,
    (error_: unknown) => error_,
  );
  if (!isRestError(error)) throw new Error('The call was not refused with a RestError.', { cause: error });
  return error;
}

/** Those of every emulator of this process so far. The clients ask nobody else, and to trust the machine's own costs more each time. */
const authorities = new Set<string>();

/** What a client has to know of an emulator. */
export type ArmAddress = Pick<ArmEmulator, 'endpoint' | 'caCertificate' | 'identityEndpoint' | 'identityHeader'>;

/** A client as the app makes it: managed identity, ARM's address from a setting, the emulator's CA trusted. */
export function connect(arm: ArmAddress, apiVersion = '2023-05-01'): ContainerInstanceManagementClient {
  authorities.add(arm.caCertificate);
  tls.setDefaultCACertificates([...authorities]);
  process.env['IDENTITY_ENDPOINT'] = arm.identityEndpoint;
  process.env['IDENTITY_HEADER'] = arm.identityHeader;
  return new ContainerInstanceManagementClient(new ManagedIdentityCredential(), SUBSCRIPTION_ID, {
    endpoint: arm.endpoint,
    apiVersion,
    retryOptions: { maxRetries: 0 },
  });
}

/** A good container group of one container. */
export function gameServer(overrides: Partial<ContainerGroup> = {}): ContainerGroup {
  return {
    location: 'westeurope',
    osType: 'Linux',
    containers: [
      {
        name: 'server',
        image: 'example.azurecr.io/game:1',
        resources: { requests: { cpu: 1, memoryInGB: 1.5 } },
        ports: [{ port: 25565, protocol: 'TCP' }],
      },
    ],
    ipAddress: { type: 'Public', ports: [{ port: 25565, protocol: 'TCP' }] },
    ...overrides,
  };
}

/** Polls at once instead of every two seconds: the emulator's answers are instant here. */
export const FAST_POLLING = { updateIntervalInMs: 5 };
