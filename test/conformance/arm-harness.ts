import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { type ContainerGroup, ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { ManagedIdentityCredential } from '@azure/identity';
import { type ArmEmulator, type ArmEmulatorOptions, startArmEmulator } from '../../local/arm/arm-emulator.ts';
import { noFaults } from '../../local/arm/faults.ts';
import { createRealClock } from '../../local/clock/real-clock.ts';

export const SUBSCRIPTION_ID = '11111111-2222-3333-4444-555555555555';

/** An emulator with a data directory of its own and the real SDK pointed at it. */
export interface ArmHarness extends AsyncDisposable {
  arm: ArmEmulator;
  client: ContainerInstanceManagementClient;
  /** What the emulator told its user. */
  lines: string[];
  dataDirectory: string;
  /** Starts another emulator on the same data, as after a crash: the first is left as it is. */
  reopen(): Promise<void>;
}

/** Starts an emulator; the defaults make it instant and without quotas. */
export async function openArmHarness(overrides: Partial<ArmEmulatorOptions> = {}): Promise<ArmHarness> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'arm-emulator-'));
  const lines: string[] = [];
  const opened: ArmEmulator[] = [];
  const start = async (): Promise<{ arm: ArmEmulator; client: ContainerInstanceManagementClient }> => {
    const arm = await startArmEmulator({
      port: 0,
      identityPort: 0,
      dataDirectory,
      clock: createRealClock(),
      profile: 'instant',
      faults: { ...noFaults, quotas: 'off' },
      seed: 1,
      subscriptionId: SUBSCRIPTION_ID,
      log: (line) => lines.push(line),
      ...overrides,
    });
    opened.push(arm);
    return { arm, client: connect(arm) };
  };
  const harness: ArmHarness = {
    ...(await start()),
    lines,
    dataDirectory,
    reopen: async () => void Object.assign(harness, await start()),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((arm) => arm.stop()));
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
  return harness;
}

/** A client as the app makes it: managed identity, ARM's address from a setting, the emulator's CA trusted. */
export function connect(arm: ArmEmulator): ContainerInstanceManagementClient {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), arm.caCertificate]);
  process.env['IDENTITY_ENDPOINT'] = arm.identityEndpoint;
  process.env['IDENTITY_HEADER'] = arm.identityHeader;
  return new ContainerInstanceManagementClient(new ManagedIdentityCredential(), SUBSCRIPTION_ID, {
    endpoint: arm.endpoint,
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
